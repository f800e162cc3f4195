"""`rootfi-pulumi report`: the environment matrix, from reading stacks to a module for each output format.

`reading` reads a stack, `matrix` combines the stacks, and `table`, `markdown`, `as_json` and `html` (with the
folder `page`) render the matrix in the words of `states` and `wording`.
"""
