"""Reads the integrations in a stack's state from `pulumi stack export`. Encrypted values stay encrypted."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rootfi_pulumi.declaration.ignore_changes import other_members
from rootfi_pulumi.declaration.settings import BASE_URL
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError
from rootfi_pulumi.state import ENVIRONMENT, INTEGRATION, name_of

# Part of the reference to the provider that Pulumi creates from the stack's config.
_DEFAULT_PROVIDER = "::pulumi:providers:pulumi-python::default::"


@dataclass(frozen=True)
class Deployed:
    """An integration in the state: its outputs or, if its create is unfinished, possibly its inputs.

    An encrypted member is a mapping, never a string. `base_url` is its provider's, or None if the config did
    not set one. `has_stack_key` is False if it names a `RootFiProvider`. `may_be_in_file` is False if it is
    certain that the program declares it, not the stack's file. `protect` and `retain_on_delete` are Pulumi's
    options. `differs_in` has the members in which an adoption found other values than the declared ones,
    without those that `ignore_changes` names.
    """

    urn: str
    members: Mapping[str, Any]
    unfinished: bool = False
    base_url: str | None = None
    has_stack_key: bool = True
    may_be_in_file: bool = True
    protect: bool = False
    retain_on_delete: bool = False
    differs_in: tuple[str, ...] = ()


def read_deployed(exported: str) -> list[Deployed]:
    """Return a state's integrations, except replaced ones. Raises StateUnreadableError."""
    try:
        deployment = json.loads(exported)["deployment"] or {}
        resources = deployment.get("resources") or []
        operations = deployment.get("pending_operations") or []
        if not (resources or operations):
            return []
        earlier = EarlierRuns.parse(exported, datetime.now(UTC))
        in_doubt = {*earlier.unfinished, *earlier.interrupted, *earlier.pending}
        differs_in = {
            urn: other_members(adopted.members, adopted.ignored) for urn, adopted in earlier.differing.items()
        }
        base_urls = {f"{each['urn']}::{each.get('id')}": _base_url(each) for each in resources}
        found = {
            each["urn"]: Deployed(
                each["urn"],
                each.get("outputs") or {},
                each["urn"] in in_doubt,
                base_urls.get(each.get("provider")),
                _DEFAULT_PROVIDER in each.get("provider", _DEFAULT_PROVIDER),
                _may_be_in_file(each),
                bool(each.get("protect")),
                bool(each.get("retainOnDelete")),
                differs_in.get(each["urn"], ()),
            )
            for each in resources
            if each["type"] == INTEGRATION and not each.get("delete")
        }
        for resource in _without_resource(earlier, operations):
            urn, inputs = resource["urn"], resource.get("inputs") or {}
            made = Deployed(urn, inputs, unfinished=True, may_be_in_file=_may_be_in_file(resource))
            found.setdefault(urn, made)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StateUnreadableError(f"pulumi stack export: {type(error).__name__}") from None
    return list(found.values())


def _base_url(resource: Mapping[str, Any]) -> str | None:
    found = (resource.get("inputs") or {}).get(BASE_URL.key)
    return found if isinstance(found, str) else None


def _may_be_in_file(resource: Mapping[str, Any]) -> bool:
    # Environment.from_stack_config puts them into a component that is named after the stack.
    parent, stack = resource.get("parent"), resource["urn"].removeprefix("urn:pulumi:").partition("::")[0]
    return parent is None or (name_of(parent) == stack and f"{ENVIRONMENT}::" in parent)


def _without_resource(earlier: EarlierRuns, operations: list[dict[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for each in operations:
        resource = each["resource"]
        if each["type"] == "creating" and resource["type"] == INTEGRATION:
            yield resource
    for urn in earlier.interrupted:
        yield {"urn": urn}
