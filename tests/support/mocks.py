"""Pulumi's mocks for a program that declares nothing of ours."""

from typing import Any

from pulumi.runtime import mocks


class NoResources(mocks.Mocks):
    """Answer each registration with its inputs."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        return None, dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> dict[Any, Any]:
        raise NotImplementedError(args.token)
