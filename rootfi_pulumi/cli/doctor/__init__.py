"""`rootfi-pulumi doctor`: a module for each thing that it checks, with that check's messages and remedies.

`examination` runs the checks in order and `command` prints them. Nothing here changes anything.
"""
