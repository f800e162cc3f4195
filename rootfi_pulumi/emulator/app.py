"""RootFi's three integrations endpoints and their OpenAPI document."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, cast
from uuid import uuid4

from fastapi import APIRouter, Depends, FastAPI, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from rootfi_pulumi.api.protocol import API_KEY_HEADER, INTEGRATIONS_PATH
from rootfi_pulumi.emulator import control, page
from rootfi_pulumi.emulator.events import EFFECT, Effect
from rootfi_pulumi.emulator.mistakes import explain
from rootfi_pulumi.emulator.models import (
    ErrorAnswer,
    Integration,
    IntegrationAnswer,
    IntegrationToCreate,
    IntegrationToReplace,
    timestamp,
)
from rootfi_pulumi.emulator.rate_limit import DOCUMENTED_HEADERS
from rootfi_pulumi.emulator.responses import HttpResponse, error_response
from rootfi_pulumi.emulator.settings import Settings
from rootfi_pulumi.emulator.state import DuplicateIntegrationError, State
from rootfi_pulumi.emulator.stored import Organisation, StoredIntegration
from rootfi_pulumi.emulator.traffic import Traffic
from rootfi_pulumi.emulator.variants import CREATES_DISABLED, render_response

_BAD_BODY = {"model": ErrorAnswer, "description": "The body is not as documented"}
_NO_KEY = {"model": ErrorAnswer, "description": "The API key is missing or unknown"}
_NOT_FOUND = {"model": ErrorAnswer, "description": "The organisation has no such integration"}
_SPENT = {"model": ErrorAnswer, "description": "The organisation's rate limit is reached"}
# Links from the POST to the other operations let a tool that tests by the document alone find an existing id.
_LINKS = {
    operation: {"operationId": operation, "parameters": {"integration_id": "$response.body#/data/rootfi_id"}}
    for operation in ("get_integration", "update_integration")
}
_DUPLICATE = {"model": ErrorAnswer, "description": "The organisation has an integration of this type"}

_api_key = APIKeyHeader(name=API_KEY_HEADER, scheme_name=API_KEY_HEADER, auto_error=False)


class RefusedError(Exception):
    """A request that gets an error response."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(f"status {answer.status}")
        self.answer = answer


async def rootfi(request: Request) -> State:
    """Return the emulated RootFi's state."""
    return cast("State", request.app.state.rootfi)


async def caller(
    state: Annotated[State, Depends(rootfi)], api_key: Annotated[str | None, Security(_api_key)]
) -> Organisation:
    """Return the organisation that the key belongs to."""
    organisation = state.organisation(api_key)
    if organisation is None:
        raise RefusedError(_unauthorised(state.settings))
    return organisation


RootFi = Annotated[State, Depends(rootfi)]
Caller = Annotated[Organisation, Depends(caller)]

endpoints = APIRouter(prefix=INTEGRATIONS_PATH)


@endpoints.post(
    "",
    responses={200: {"links": _LINKS}, 400: _BAD_BODY, 401: _NO_KEY, 409: _DUPLICATE, 429: _SPENT},
    response_model=IntegrationAnswer,
)
async def create_integration(
    request: Request, body: IntegrationToCreate, organisation: Caller, state: RootFi
) -> Response:
    """Create a integration for a company to connect to the platform."""
    received = timestamp()
    is_disabled = getattr(request.state, CREATES_DISABLED, False)
    first_new_id = state.next_integration_id
    try:
        integration = state.create(organisation.id, body, is_disabled=is_disabled)
    except DuplicateIntegrationError:
        message = "an integration of this type exists already"
        status = state.settings.second_post_status
        raise RefusedError(error_response(status, message, field="integration_type")) from None
    is_new = integration.rootfi_id >= first_new_id
    _note(request, Effect.of_create(integration, is_new=is_new, second_post=state.second_post))
    return _answer("POST", integration, state, received)


@endpoints.get(
    "/{integration_id}",
    responses={400: _BAD_BODY, 401: _NO_KEY, 404: _NOT_FOUND, 429: _SPENT},
    response_model=IntegrationAnswer,
)
async def get_integration(
    request: Request, integration_id: int, organisation: Caller, state: RootFi
) -> Response:
    """Get a integration based on the ID."""
    received = timestamp()
    integration = _owned(integration_id, organisation, state)
    if not state.shows(integration_id):
        raise _no_such_integration(state.settings.unknown_id)
    _note(request, Effect("read", integration))
    return _answer("GET", integration, state, received)


@endpoints.put(
    "/{integration_id}",
    responses={400: _BAD_BODY, 401: _NO_KEY, 404: _NOT_FOUND, 429: _SPENT},
    response_model=IntegrationAnswer,
)
async def update_integration(
    request: Request, integration_id: int, body: IntegrationToReplace, organisation: Caller, state: RootFi
) -> Response:
    """Update a integration based on the ID."""
    received = timestamp()
    before = _owned(integration_id, organisation, state)
    _refuse_put(before, body, state.settings)
    after = state.replace(integration_id, organisation.id, body) or before
    _note(request, Effect.of_update(before, after))
    return _answer("PUT", after, state, received)


def _note(request: Request, effect: Effect) -> None:
    setattr(request.state, EFFECT, effect)


def _owned(integration_id: int, organisation: Organisation, state: State) -> StoredIntegration:
    integration = state.find(integration_id)
    if integration is None:
        raise _no_such_integration(state.settings.unknown_id)
    if integration.rootfi_organisation_id != organisation.id:
        raise _no_such_integration(state.settings.foreign_id)
    return integration


def _no_such_integration(status: int) -> RefusedError:
    return RefusedError(error_response(status, "no such integration", field="integration_id"))


def _refuse_put(before: StoredIntegration, body: IntegrationToReplace, settings: Settings) -> None:
    status = settings.put_without_identity
    if isinstance(status, int) and "is_rootfi_identity" not in body.model_fields_set:
        message = "is_rootfi_identity is missing: add it"
        raise RefusedError(error_response(status, message, code="missing-params", field="is_rootfi_identity"))
    if isinstance(settings.put_enables, int) and before.is_disabled and not body.is_disabled:
        message = "a disabled integration cannot be enabled"
        raise RefusedError(error_response(settings.put_enables, message, field="is_disabled"))


def _status(settings: Settings, method: str, problem: str, member: str) -> int:
    status: int | str = settings.bad_body
    if problem == "missing":
        status = settings.missing_member
    elif problem == "extra_forbidden" and (method, member) == ("POST", "is_disabled"):
        status = settings.is_disabled_on_post
    return status if isinstance(status, int) else settings.bad_body


def _answer(method: str, integration: StoredIntegration, state: State, received: str) -> Response:
    answer = IntegrationAnswer(
        data=Integration(
            **integration.masked() | {"client_secret": integration.client_secret},
            rootfi_integration_type=integration.integration_type,
        ),
        request_timestamp=received,
        response_timestamp=timestamp(),
        request_id=str(uuid4()),
    )
    body = render_response(answer.model_dump(mode="json"), method, state.settings)
    return JSONResponse(body, state.settings.method(method).status)


class Application(FastAPI):
    """The endpoints, with RootFi's error bodies instead of FastAPI's."""

    def __init__(self, state: State, traffic: Traffic) -> None:
        super().__init__(
            title="RootFi integrations (emulator)",
            version="2",
            openapi_url=f"{control.PREFIX}/openapi.json",
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            generate_unique_id_function=lambda route: route.name,
        )
        self.state.rootfi = state
        self.state.traffic = traffic
        self.include_router(endpoints)
        self.include_router(control.router)
        self.include_router(page.router)
        self.add_exception_handler(RefusedError, _refused)
        self.add_exception_handler(HTTPException, _http_error)
        self.add_exception_handler(RequestValidationError, _invalid)

    def openapi(self) -> dict[str, Any]:
        """Return the document with the rate-limit headers and without FastAPI's 422, which never occurs."""
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                operation["responses"].pop("422", None)
                for response in operation["responses"].values():
                    response["headers"] = DOCUMENTED_HEADERS
        for schema in ("HTTPValidationError", "ValidationError"):
            document["components"]["schemas"].pop(schema, None)
        return document


async def _refused(_: Request, error: Exception) -> Response:
    return _response(cast("RefusedError", error).answer)


async def _http_error(request: Request, error: Exception) -> Response:
    http = cast("HTTPException", error)
    answer = error_response(http.status_code, http.detail)
    if http.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["allow"] = _allowed(request.url.path)
    return _response(answer)


def _allowed(path: str) -> str:
    # Starlette's header lists the methods of one route, but each method here is a separate route.
    routes = [
        route
        for route in (*endpoints.routes, *control.router.routes, *page.router.routes)
        if isinstance(route, APIRoute)
    ]
    return ", ".join(
        method for route in routes if route.path_regex.match(path) for method in route.methods or ()
    )


async def _invalid(request: Request, error: Exception) -> Response:
    # FastAPI parses the body before it checks the key; a real server would check the key first.
    is_control = request.url.path.startswith(f"{control.PREFIX}/")
    state = cast("State", request.app.state.rootfi)
    if not is_control and state.organisation(request.headers.get(API_KEY_HEADER)) is None:
        return _response(_unauthorised(state.settings))
    errors = cast("RequestValidationError", error).errors()
    problem = errors[0]["type"]
    code = "missing-params" if problem == "missing" else "invalid-params"
    if is_control:
        field, message = control.explain_mistake(request.url.path, errors)
        return _response(error_response(400, message, code=code, field=field))
    field, message = _explain_mistake(request.method, errors)
    status = _status(state.settings, request.method, problem, field)
    return _response(error_response(status, message, code=code, field=field))


def _explain_mistake(method: str, errors: Sequence[Any]) -> tuple[str, str]:
    if errors[0]["loc"][0] == "path":
        return "integration_id", "integration_id must be a whole number"
    return explain(IntegrationToCreate if method == "POST" else IntegrationToReplace, errors, start=1)


def _unauthorised(settings: Settings) -> HttpResponse:
    return error_response(settings.bad_key, "the API key is missing or unknown", field=API_KEY_HEADER)


def _response(answer: HttpResponse) -> Response:
    return Response(answer.body, answer.status, answer.headers)
