"""Pulumi's own mocks, as users test their programs: no engine, no `pulumi` command, no hooks that fail."""

from typing import Any, NoReturn

from pulumi.runtime import mocks


class Recorded(mocks.Mocks):
    """Remembers what was registered; answers with the inputs and an id."""

    def __init__(self) -> None:
        self.registered: dict[str, mocks.MockResourceArgs] = {}
        self.answered: dict[str, Any] = {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.registered[args.name] = args
        return "1234", {**args.inputs, "rootfi_id": 1234, **self.answered}

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise NotImplementedError(args.token)
