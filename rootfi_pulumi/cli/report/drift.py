"""Finds drift: compares a stack's state with RootFi by a refresh that writes nothing.

`pulumi refresh --preview-only` takes no lock and runs no program. So it needs the API key and the stack's
secrets provider, but none of the environment variables that hold client secrets. See
https://www.pulumi.com/docs/iac/cli/commands/pulumi_refresh/ and, for the events that it prints,
https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/common/apitype#EngineEvent
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.declaration.members import MEMBERS
from rootfi_pulumi.declaration.settings import API_KEY, NO_KEY
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError
from rootfi_pulumi.state import INTEGRATION

IS_DISABLED = "is_disabled"
GONE = "no longer at RootFi"
"""Listed instead of the drifted members if RootFi no longer has the integration."""

# Seconds. RootFi's rate limit allows a hundred integrations a minute.
_PATIENCE = 900
_LONGEST_REASON = 300
_LONGEST_VALUE = 80
# Without it, Pulumi prints one JSON document that lacks what the refresh read.
_STREAM = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
# By the output that shows a change, the name of the member.
_MEMBERS = {each.compared_by: each.name for each in MEMBERS if each.compared_by}
# A refresh uses the settings of the last `pulumi up`, which are in the state.
_NO_KEY_YET = (
    "the state has no RootFi API key: if the stack's config has one, run `pulumi up` to store it there; "
    f"otherwise set {API_KEY.variable}"
)
_RAISED = re.compile(r"^(?:Preview failed: )?(?:[\w.]+\.[A-Z]\w*: )?")


@dataclass(frozen=True)
class Drift:
    """A member that RootFi has otherwise than the state, or GONE for the whole integration.

    `before` and `after` are its values, or None where they are not to be shown: a secret has none.
    """

    member: str
    before: str | bool | None = None
    after: str | bool | None = None

    def __str__(self) -> str:
        if self.before is None or self.after is None:
            return self.member
        return f"{self.member}: {_text(self.before)} → {_text(self.after)}"


def _text(value: str | bool) -> str:
    return value if isinstance(value, str) else str(value).lower()


@dataclass(frozen=True)
class Live:
    """An integration as RootFi has it: its outputs, and the members that drifted."""

    drifted: tuple[Drift, ...] = ()
    members: Mapping[str, Any] = field(default_factory=dict)


def read_live(project: Project, stack: str) -> dict[str, Live]:
    """Read a stack's integrations from RootFi, by URN. Raises PulumiError if one cannot be read."""
    args = ("refresh", "--preview-only", "--json", "--stack", stack)
    try:
        process = pulumi_cli.start(*args, folder=project.folder, environ=_STREAM)
        printed = pulumi_cli.finish(process, patience=_PATIENCE)
    except PulumiError as error:
        raise PulumiError(_reason(error)) from None
    return {
        step["urn"]: _compared(step)
        for event in _events(printed)
        if (step := (event.get("resOutputsEvent") or {}).get("metadata")) and step.get("type") == INTEGRATION
    }


def _compared(step: Mapping[str, Any]) -> Live:
    old, new = ((step.get(side) or {}).get("outputs") or {} for side in ("old", "new"))
    if not step.get("new"):
        return Live((Drift(GONE),), old)
    changed = (key for key in _MEMBERS if old.get(key) != new.get(key))
    return Live(tuple(Drift(_MEMBERS[key], *_values(key, old, new)) for key in changed), new)


def _values(key: str, *outputs: Mapping[str, Any]) -> tuple[str | bool | None, ...]:
    # A secret is compared by its version, a number that says nothing.
    values = [each.get(key) for each in outputs]
    if key != _MEMBERS[key] or not all(isinstance(value, str | bool) for value in values):
        return ()
    return tuple(excerpt(value, _LONGEST_VALUE) if isinstance(value, str) else value for value in values)


def _reason(error: PulumiError) -> str:
    diagnostics = (event.get("diagnosticEvent") or {} for event in _events(error.output))
    messages = [str(each.get("message")) for each in diagnostics if each.get("severity") == "error"]
    first = messages[0].strip() if messages else ""
    if NO_KEY in first:
        return _NO_KEY_YET
    return excerpt(_RAISED.sub("", first), _LONGEST_REASON) or str(error)


def _events(printed: str) -> Iterator[dict[str, Any]]:
    for line in printed.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event
