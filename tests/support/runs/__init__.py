"""Runs of `pulumi` in progress: started in each way there is, interrupted, killed and recovered."""
