"""Reads what a run changed from the event log, which `pulumi` writes as the Automation API has it do.

See https://pkg.go.dev/github.com/pulumi/pulumi/sdk/v3/go/common/apitype#EngineEvent
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.cli.deployment.outcome import Changed, Changes
from rootfi_pulumi.declaration.members import MEMBERS
from rootfi_pulumi.state import INTEGRATION, name_of

ENVIRONMENT = {"PULUMI_DEBUG_COMMANDS": "true"}
"""The variable without which `pulumi` has no --event-log. The Automation API sets it too."""

_LONGEST_NAME = 80
# By the input that shows a change, the name of the member.
_MEMBERS = {each.compared_by or each.name: each.name for each in MEMBERS if each.is_input}


def read_changes(path: Path, *, is_preview: bool) -> Changes | None:
    """Return the changes of a run, or None if it ended before it summed them up."""
    counts: Mapping[str, int] | None = None
    integrations: dict[str, Changed] = {}
    for event in _events(path):
        summary = event.get("summaryEvent")
        if summary and bool(summary.get("isPreview")) is is_preview:
            counts = summary.get("resourceChanges") or {}
        step = (event.get("resOutputsEvent") or {}).get("metadata") or {}
        # The physical halves of a replacement, and the reads of a refresh, are not logical.
        if step.get("type") == INTEGRATION and step.get("logical") and step.get("op") != "same":
            integrations[step["urn"]] = _changed(step)
    return None if counts is None else Changes(counts, tuple(integrations.values()))


def _changed(step: Mapping[str, Any]) -> Changed:
    old, new = ((step.get(side) or {}).get("inputs") or {} for side in ("old", "new"))
    members = (name for key, name in _MEMBERS.items() if old.get(key) != new.get(key)) if old and new else ()
    return Changed(excerpt(name_of(step["urn"]), _LONGEST_NAME), str(step["op"]), tuple(members))


def _events(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:  # `pulumi` failed before it wrote one
        return
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except ValueError:  # the last line of a run that was killed
            continue
        if isinstance(event, dict):
            yield event
