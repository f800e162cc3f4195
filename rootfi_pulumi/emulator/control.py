"""The control routes below /_emulator, for the page and for tests in another process.

Keys and secrets are masked in every response.
"""

import json
from collections.abc import Sequence
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict

from rootfi_pulumi.emulator import page_updates
from rootfi_pulumi.emulator.faults import Fault
from rootfi_pulumi.emulator.mistakes import explain
from rootfi_pulumi.emulator.settings import Settings
from rootfi_pulumi.emulator.state import State
from rootfi_pulumi.emulator.traffic import Traffic


class NewOrganisation(BaseModel):
    """The body of `POST /organisations`. The response shows the key only if the emulator made it up."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    api_key: str | None = None
    name: str | None = None


async def _state(request: Request) -> State:
    return cast("State", request.app.state.rootfi)


async def _traffic(request: Request) -> Traffic:
    return cast("Traffic", request.app.state.traffic)


InState = Annotated[State, Depends(_state)]
InTraffic = Annotated[Traffic, Depends(_traffic)]

PREFIX = "/_emulator"
_BODIES: dict[str, tuple[str, type[BaseModel]]] = {
    "faults": ("cannot inject the fault", Fault),
    "settings": ("cannot change the settings", Settings),
    "organisations": ("cannot add the organisation", NewOrganisation),
}

router = APIRouter(prefix=PREFIX, include_in_schema=False)


@router.get("/requests")
async def list_requests(traffic: InTraffic) -> Response:
    """Return the log, in order of arrival."""
    return _json([request.masked() for request in traffic.requests])


@router.delete("/requests", status_code=204)
async def forget_requests(traffic: InTraffic) -> None:
    """Empty the log."""
    traffic.forget_requests()


@router.get("/integrations")
async def list_integrations(state: InState) -> Response:
    """Return the integrations of all organisations, ordered by id."""
    return _json(state.masked_integrations())


@router.get("/faults")
async def list_faults(traffic: InTraffic) -> Response:
    """Return the waiting faults, in the order in which they are matched."""
    return _json(traffic.faults.masked())


@router.post("/faults")
async def inject(fault: Fault, traffic: InTraffic) -> Response:
    """Add a fault, which waits for its request; return its id."""
    return _json({"id": traffic.faults.inject(fault)})


@router.delete("/faults", status_code=204)
async def clear_faults(traffic: InTraffic) -> None:
    """Remove the faults that still wait."""
    traffic.faults.clear()


@router.delete("/faults/{fault_id}", status_code=204)
async def remove_fault(fault_id: int, traffic: InTraffic) -> None:
    """Remove one fault that still waits."""
    try:
        traffic.faults.remove(fault_id)
    except LookupError as error:
        raise HTTPException(404, f"cannot remove the fault: {error}") from None


@router.post("/release", status_code=204)
async def release(traffic: InTraffic) -> None:
    """Release all held requests."""
    traffic.release()


@router.post("/reset", status_code=204)
async def reset(state: InState, traffic: InTraffic) -> None:
    """Remove organisations, keys, integrations and faults, empty the log and restore default settings."""
    state.reset()
    traffic.reset()


@router.patch("/settings")
async def change_settings(settings: Settings, state: InState, traffic: InTraffic) -> Response:
    """Change the settings that the body names; return all."""
    changes = {name: getattr(settings, name) for name in settings.model_fields_set}
    state.settings = state.settings.model_copy(update=changes)
    if "rate_limit" in changes:
        traffic.rate_limits.limit = settings.rate_limit
    return _json(page_updates.settings(state, traffic))


@router.get("/organisations")
async def list_organisations(state: InState) -> Response:
    """Return the organisations, ordered by id."""
    return _json(state.masked_organisations())


@router.post("/organisations")
async def add_organisation(body: NewOrganisation, state: InState) -> Response:
    """Add an organisation, with a random key unless one is given."""
    try:
        organisation = state.add_organisation(body.api_key, body.name)
    except ValueError as error:
        raise HTTPException(400, f"cannot add the organisation: {error}") from None
    return _json(organisation.masked())


@router.get("/live")
async def list_changes(  # noqa: PLR0913, PLR0917 - each is a dependency or a parameter of the query
    request: Request, state: InState, traffic: InTraffic, run: str = "", log: int = 0, version: int = 0
) -> Response:
    """Return what changed on the page since its last poll; see `page_updates`."""
    host, port = request.scope["server"]
    news = page_updates.changes(state, traffic, run, log, version)
    return _json({"base_url": f"http://{host}:{port}", **news})


def explain_mistake(path: str, errors: Sequence[Any]) -> tuple[str, str]:
    """Return the member that pydantic rejected, and what failed, why, and what to do."""
    for route, (failed, model) in _BODIES.items():
        if path == f"{PREFIX}/{route}":
            field, why = explain(model, errors, start=1)
            return field, f"{failed}: {why}"
    field = str(errors[0]["loc"][-1])
    return field, f"{field} must be a whole number"


def _json(content: Any) -> Response:
    # ASCII, because a recorded body may contain a lone surrogate, which UTF-8 cannot encode.
    return Response(json.dumps(content), media_type="application/json")
