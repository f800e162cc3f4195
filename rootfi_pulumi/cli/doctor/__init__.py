"""Looks at everything that a `pulumi up` of a stack needs, and says what to do where something is wrong."""
