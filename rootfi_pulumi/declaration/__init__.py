"""What an environment declares: its settings and integrations, their rules, and how a stack's file is read.

Both processes and the command use it, so only `model`, which no plugin loads, needs pydantic. Nothing here
runs Pulumi, calls RootFi or knows a resource.
"""
