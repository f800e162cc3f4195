"""Pulumi's mocks for a program that declares nothing of ours."""

from collections.abc import Callable
from typing import Any, NoReturn

import pulumi
from pulumi.runtime import mocks


class NoResources(mocks.Mocks):
    """Answer each registration with its inputs."""

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        return None, dict(args.inputs)

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise NotImplementedError(args.token)


def run_program(program: Callable[[], object]) -> None:
    """Run a function as a Pulumi program, and wait for its resources and for the output that it may return.

    This is Pulumi's own decorator `pulumi.runtime.test`, which has no types.
    """
    decorate: Any = pulumi.runtime.test
    decorate(program)()
