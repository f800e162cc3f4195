"""`rootfi-pulumi preview`, `deploy` and `drift`: run `pulumi` on stacks, in a pipeline or by hand.

`sequence` runs the stacks in order through `pulumi_process`, `event_log` reads what changed, `advice` finds
what to do after a failure, and `forge` and `summary` print it.
"""
