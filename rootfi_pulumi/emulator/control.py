"""Control over HTTP, for tests in another process. Keys and secrets are masked in whatever it answers."""

import json
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict

from rootfi_pulumi.emulator.faults import Fault
from rootfi_pulumi.emulator.rate_limit import RateLimit
from rootfi_pulumi.emulator.state import SecondPost, SecretAnswers, State
from rootfi_pulumi.emulator.traffic import Traffic


class Settings(BaseModel):
    """How RootFi behaves where its documentation says nothing; a member left out stays as it is.

    `rate_limit` is an object with the members of `RateLimit`, or null for none.
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    secrets: SecretAnswers | None = None
    second_post: SecondPost | None = None
    rate_limit: RateLimit | None = None


class NewOrganisation(BaseModel):
    """The key is the caller's: a random one could not be told in an answer that masks it."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    api_key: str


async def _state(request: Request) -> State:
    return cast("State", request.app.state.rootfi)


async def _traffic(request: Request) -> Traffic:
    return cast("Traffic", request.app.state.traffic)


InState = Annotated[State, Depends(_state)]
InTraffic = Annotated[Traffic, Depends(_traffic)]

PREFIX = "/_emulator"

control = APIRouter(prefix=PREFIX, include_in_schema=False)


@control.get("/requests")
async def list_requests(traffic: InTraffic) -> Response:
    """Answer the log, in order of arrival."""
    return _json([request.masked() for request in traffic.requests])


@control.get("/integrations")
async def list_integrations(state: InState) -> Response:
    """Answer the integrations of all organisations, in the order of their ids."""
    return _json([integration.masked() for integration in state.integrations()])


@control.post("/faults", status_code=204)
async def inject(fault: Fault, traffic: InTraffic) -> None:
    """Let a fault wait for its request."""
    traffic.faults.inject(fault)


@control.delete("/faults", status_code=204)
async def clear_faults(traffic: InTraffic) -> None:
    """Drop the faults that still wait."""
    traffic.faults.clear()


@control.post("/release", status_code=204)
async def release(traffic: InTraffic) -> None:
    """Let go all requests that are held."""
    traffic.release()


@control.post("/reset", status_code=204)
async def reset(state: InState, traffic: InTraffic) -> None:
    """Begin afresh: organisations, keys, integrations, faults, log and settings all go."""
    state.reset()
    traffic.reset()


@control.patch("/settings")
async def change_settings(settings: Settings, state: InState, traffic: InTraffic) -> Response:
    """Change a setting; answer all."""
    if settings.secrets is not None:
        state.secrets = settings.secrets
    if settings.second_post is not None:
        state.second_post = settings.second_post
    if "rate_limit" in settings.model_fields_set:
        traffic.rate_limits.limit = settings.rate_limit
    limit = traffic.rate_limits.limit
    return _json(
        {
            "secrets": state.secrets,
            "second_post": state.second_post,
            "rate_limit": limit.model_dump() if limit else None,
        }
    )


@control.post("/organisations")
async def add_organisation(body: NewOrganisation, state: InState) -> Response:
    """Make an organisation with the given key."""
    try:
        organisation = state.add_organisation(body.api_key)
    except ValueError as error:
        raise HTTPException(400, str(error)) from None
    return _json({"id": organisation.id, "api_key": "***"})


def _json(content: Any) -> Response:
    # ASCII: a recorded body may hold half a surrogate pair, which UTF-8 cannot carry.
    return Response(json.dumps(content), media_type="application/json")
