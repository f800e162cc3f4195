"""A Pulumi project on disk, and the `pulumi` command: files read as the engine reads them, and the state.

Nothing here knows what the declaration or RootFi is.
"""
