"""Write docs/reference.md from the library's docstrings: `python tools/reference.py > docs/reference.md`."""

import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from rootfi_pulumi import (
    Environment,
    EnvironmentIntegrationArgs,
    FromEnv,
    IntegrationSummary,
    IntegrationType,
    RootFiIntegration,
    RootFiIntegrationArgs,
    RootFiProvider,
)
from tools.docstrings import Documented, attributes, description, parameters

INTRODUCTION = """\
# Reference

What a Pulumi program imports from `rootfi_pulumi`: every argument, output and option.
[The library](library.md) has examples. [Declare](declare.md) has the members and settings of a stack's file.

`pulumi.Input[T]` means that an argument takes a `T` or an Output of one."""
OPTIONS = {
    "provider": "A [`RootFiProvider`](#rootfiprovider): the integration belongs to its organisation.",
    "protect": "Refuse to delete or replace the integration.",
    "retain_on_delete": "Forget the integration instead of disabling it when the resource is deleted.",
    "ignore_changes": "Names of arguments whose values stay as RootFi has them.",
    "aliases": "Former names of the resource. Without one, a renamed resource is a new integration.",
    "import_": "Not supported: pass `adopt`.",
    "id": "Not supported: pass `adopt`.",
    "custom_timeouts": "No effect: set `rootfi:timeoutSeconds`, or `timeout_seconds` of the provider.",
}
"""The options of pulumi.ResourceOptions that mean something particular to an integration."""
_WIDTH = 116


def main() -> None:
    """Print the page."""
    print("\n\n".join([INTRODUCTION, *_sections()]))


def _sections() -> Iterator[str]:
    yield _heading(RootFiIntegration)
    yield from _called("Arguments", RootFiIntegration.__init__)
    yield from _attributes("Outputs", RootFiIntegration)
    yield "### Options"
    yield "Pulumi's options that mean something particular to an integration:"
    yield _list((f"`{name}`", text) for name, text in OPTIONS.items())
    yield _heading(RootFiIntegrationArgs)
    yield "Its members are the arguments of [`RootFiIntegration`](#rootfiintegration) but `name` and `opts`."
    yield _heading(RootFiProvider)
    yield from _called("Arguments", RootFiProvider.__init__)
    yield _heading(Environment)
    yield from _called("Arguments", Environment.__init__)
    yield from _attributes("Attributes", Environment)
    yield from _called("`Environment.from_stack_config(opts)`", Environment.from_stack_config)
    yield _heading(EnvironmentIntegrationArgs)
    yield "Its members are those of [`RootFiIntegrationArgs`](#rootfiintegrationargs) and:"
    yield _members(EnvironmentIntegrationArgs)
    yield _heading(IntegrationSummary)
    yield _members(IntegrationSummary)
    yield _heading(FromEnv)
    yield 'Where a mapping is easier, `{"from_env": name}` (`FromEnvDict`) means the same.'
    yield _heading(IntegrationType)
    yield _list((f"`{each}`", "") for each in IntegrationType)


def _heading(class_: type) -> str:
    return f"## {class_.__name__}\n\n{_wrapped(description(class_))}"


def _called(title: str, function: Callable[..., Any]) -> Iterator[str]:
    yield f"### {title}"
    yield _wrapped(description(function))
    signature = inspect.signature(function).parameters
    required = {name for name, each in signature.items() if each.default is inspect.Parameter.empty}
    yield _list(
        (_typed(each, ", required" if each.name in required else ""), each.text)
        for each in parameters(function)
    )


def _typed(documented: Documented, remark: str = "") -> str:
    type_ = re.sub(r"^Output\b", "pulumi.Output", documented.type)
    return f"`{documented.name}` (`{type_}`{remark})"


def _attributes(title: str, class_: type) -> Iterator[str]:
    yield f"### {title}"
    yield _members(class_)


def _members(class_: type) -> str:
    return _list((_typed(each), each.text) for each in attributes(class_))


def _list(items: Iterator[tuple[str, str]]) -> str:
    lines = (f"- {name}: {text}" if text else f"- {name}" for name, text in items)
    return "\n".join(_fill(line, "  ") for line in lines)


def _wrapped(text: str) -> str:
    linked = re.sub(r"(?<=See )https://\S+", r"<\g<0>>", text)
    return "\n\n".join(_fill(" ".join(each.split()), "") for each in linked.split("\n\n"))


def _fill(line: str, indent: str) -> str:
    return textwrap.fill(
        line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


if __name__ == "__main__":
    main()
