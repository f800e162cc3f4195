"""`rootfi-pulumi capture`: writes existing integrations into a stack's file, for `pulumi up` to adopt.

`transaction` reads, checks and writes; the other modules build entries, encrypt secrets and edit the file.
"""
