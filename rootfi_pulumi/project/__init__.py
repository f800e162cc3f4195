"""A Pulumi project on disk, the `pulumi` command, and the state: files are read as the engine reads them.

Nothing here calls RootFi. What a stack's file declares is in `declaration.stack_file`.
"""
