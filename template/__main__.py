"""Puts what the stack's config declares into RootFi."""

import pulumi

from rootfi_pulumi import Environment

pulumi.export("integrations", Environment.from_stack_config().summary)
