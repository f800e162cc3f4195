"""A stand-in for Pulumi Cloud, written from what the CLI sends and accepts.

`server` listens, `api` answers each request, `stacks` holds states, updates and leases, `journal` replays what the
CLI sends during an update, and `cipher` encrypts a stack's secrets.
"""
