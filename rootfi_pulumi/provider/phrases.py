"""The fixed part of each message after which a user has to do something.

Messages are built with these constants, and other code finds a message by them, so that a message can be
reworded in one place. docs/recovery.md explains each; a test compares.
"""

NOT_CREATED = "not created"
"""After a resource's name, at the very beginning of an error: this run certainly created nothing for it.

The plugin begins an error with it only if no POST was sent or RootFi turned it away. What RootFi or a
declaration says comes later in the text, so neither can forge it.
"""

INTERRUPTED_RUN = "an earlier run was interrupted"
MANAGED_ALREADY = "is already managed by"
PROGRAM_ENDED = "the program ended before it allowed the create"
CANNOT_ADOPT = "cannot adopt"

MAY_EXIST = "RootFi may or may not have created it"
NOT_DISABLED = "created, but not disabled"
DIFFERS = "adopted, but differs from your declaration"

PROVIDER_FAILED = "the provider failed during the create"
ENDS_AT_ONCE = "this run ends at once"
ENGINE_NOT_FOUND = "the engine's process is not found"

CANNOT_UPDATE = "cannot be updated"
CANNOT_DISABLE = "cannot be disabled"
FOREIGN_404 = "this 404 is not from RootFi"
PLAIN_KEY = "is in plain text, and Pulumi copies the config into the state"
BUG = "a bug in rootfi-pulumi"
