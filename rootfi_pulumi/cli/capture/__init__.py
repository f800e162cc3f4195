"""Takes what RootFi has already into a stack's file, so that one `pulumi up` adopts it."""
