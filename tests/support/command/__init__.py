"""The command `rootfi-pulumi`: in a pipe, on a terminal, and in a project of the tests."""
