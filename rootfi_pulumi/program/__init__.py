"""What runs in the Pulumi program: the resources that a user names, and the guard before each create.

The guard decides whether a create may go ahead: `stack_state` runs `pulumi stack export`, `state_reading`
says when, `refusals` why not. Nothing here calls RootFi, which is the plugin's work (`provider`).
"""
