"""Play the variants of RootFi that the settings choose.

The endpoints implement only what RootFi documents. This module translates requests into that form before the
endpoints see them, and their responses into the chosen variant: id format, timestamps, masks, envelope.
"""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from rootfi_pulumi.api.protocol import integration_path
from rootfi_pulumi.emulator.connection import Scope
from rootfi_pulumi.emulator.models import IntegrationToReplace
from rootfi_pulumi.emulator.recording import parsed
from rootfi_pulumi.emulator.settings import IdFormat, Settings, TimestampFormat
from rootfi_pulumi.emulator.state import State
from rootfi_pulumi.emulator.stored import StoredIntegration

_ONE = re.compile(integration_path("([^/]+)"))
_ID = re.compile(r"[0-9]{1,15}")
_TIMESTAMPS = {"rootfi_created_at", "rootfi_updated_at", "request_timestamp", "response_timestamp"}
# A key in the state of a request's scope: the POST asked for a disabled integration.
CREATES_DISABLED = "creates_disabled"


def normalize_request(scope: Scope, body: bytes, state: State) -> tuple[Scope, bytes]:
    """Return a request in the documented form: a numeric id, and only members that the endpoints accept."""
    settings = state.settings
    path = documented_path(scope["path"], settings.id_format)
    members = parsed(body)
    if not isinstance(members, dict):
        return {**scope, "path": path}, body
    accepted = dict(members)
    request_state = dict(scope.get("state", {}))
    if scope["method"] == "POST" and not isinstance(settings.is_disabled_on_post, int):
        is_disabled = accepted.pop("is_disabled", False)
        request_state[CREATES_DISABLED] = settings.is_disabled_on_post == "honoured" and is_disabled is True
    if settings.missing_member == "accepted":
        accepted = {**_missing(scope["method"], path, state), **accepted}
    if accepted != members:
        body = json.dumps(accepted).encode("ascii")
    return {**scope, "path": path, "state": request_state}, body


def documented_path(path: str, id_format: IdFormat) -> str:
    """Return the path with the integration's number in place of its UUID; any other path is unchanged.

    If ids are UUIDs, a plain number becomes an invalid id.
    """
    one = _ONE.fullmatch(path)
    if one is None or id_format != "uuid":
        return path
    try:
        return integration_path(UUID(one[1]).int)
    except ValueError:
        return integration_path(f"not-a-uuid-{one[1]}")


def integration_id(path: str) -> int | None:
    """Return the number in a documented path, or None."""
    one = _ONE.fullmatch(path)
    return int(one[1]) if one and _ID.fullmatch(one[1]) else None


def names_integration(path: str) -> bool:
    """Return whether the path is that of one integration, valid id or not."""
    return _ONE.fullmatch(path) is not None


def render_response(answer: dict[str, Any], method: str, settings: Settings) -> dict[str, Any]:
    """Return the body of a successful response in the form that the settings choose for this method."""
    data = _with_timestamps(answer["data"], settings.timestamp_format)
    data["rootfi_id"] = render_id(data["rootfi_id"], settings.id_format)
    of_method = settings.method(method)
    match of_method.secrets or settings.secrets:
        case "masked":
            data["client_secret"] = settings.mask if of_method.mask is None else of_method.mask
        case "null":
            data["client_secret"] = None
        case "omitted":
            del data["client_secret"]
    if of_method.envelope == "bare":
        return data
    return _with_timestamps({**answer, "data": data}, settings.timestamp_format)


def _missing(method: str, path: str, state: State) -> dict[str, Any]:
    if method == "POST":
        return {"client_id": "", "client_secret": ""}
    number = integration_id(path)
    integration = None if number is None else state.find(number)
    return {} if integration is None else _required_members(integration)


def _required_members(integration: StoredIntegration) -> dict[str, Any]:
    members = IntegrationToReplace.model_fields.items()
    return {name: getattr(integration, name) for name, member in members if member.is_required()}


def render_id(number: int, id_format: IdFormat) -> int | str:
    """Return an integration's number in the chosen format."""
    match id_format:
        case "integer":
            return number
        case "string":
            return str(number)
        case "uuid":
            return str(UUID(int=number))


def _with_timestamps(members: dict[str, Any], timestamp_format: TimestampFormat) -> dict[str, Any]:
    return {
        name: _timestamp(value, timestamp_format) if name in _TIMESTAMPS else value
        for name, value in members.items()
    }


def _timestamp(utc: str, timestamp_format: TimestampFormat) -> str | int:
    moment = datetime.fromisoformat(utc)
    match timestamp_format:
        case "utc":
            return utc
        case "offset":
            return moment.isoformat(timespec="milliseconds")
        case "epoch_seconds":
            return int(moment.timestamp())
        case "epoch_milliseconds":
            return int(moment.timestamp() * 1000)
