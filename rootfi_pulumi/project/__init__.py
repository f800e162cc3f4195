"""A Pulumi project on disk, the `pulumi` command, and the state: files are read as the engine reads them.

Nothing here knows the declaration or RootFi.
"""
