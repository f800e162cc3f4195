"""What the stand-in for Pulumi Cloud answers to each request that the CLI sends.

Rests on https://www.pulumi.com/docs/reference/cloud-rest-api/ and on what the CLI sends and accepts.
"""

import re
import secrets
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.pulumi_cloud.cipher import decrypt, encrypt
from tests.support.pulumi_cloud.stacks import Json, Refused, Stack, Stacks, Update

USER = "made-up-user"


@dataclass
class Request:
    """`credentials` is the Authorization header: `token …`, or `update-token …` of an update's lease."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    credentials: str


@dataclass
class Service:
    """All that the service knows, and how it does things: see `pulumi_cloud.running`.

    `calls` are the requests so far, `unanswered` those that it has no answer for.
    """

    stacks: Stacks
    journals: bool = True
    exports_running: bool = True
    export_seconds: float = 0
    token: str = field(default_factory=lambda: f"pul-{secrets.token_hex(20)}")
    calls: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def answer(self, request: Request) -> Json | None:
        """Return the answer's body. Raises Refused for what the service turns away."""
        call = f"{request.method} {request.path}"
        if request.path.endswith("/export"):
            time.sleep(self.export_seconds)
        with self.lock:
            self.calls.append(call)
            for method, pattern, respond in _ROUTES:
                found = re.fullmatch(pattern, request.path)
                if method == request.method and found:
                    self._check(request)
                    return respond(self, request, *found.groups())
            self.unanswered.append(call)
        raise Refused(404, "Not Found")

    def _check(self, request: Request) -> None:
        scheme, _, token = request.credentials.partition(" ")
        if scheme != "update-token" and token != self.token:
            raise Refused(401, "Unauthorized: No credentials provided or are invalid.")


Respond = Callable[..., Json | None]
_ROUTES: list[tuple[str, str, Respond]] = []


def _route(method: str, pattern: str) -> Callable[[Respond], Respond]:
    def add(respond: Respond) -> Respond:
        _ROUTES.append((method, pattern, respond))
        return respond

    return add


def _of_stack(method: str, rest: str = "") -> Callable[[Respond], Respond]:
    """Route to a function of the service, the request, the stack, and what else the path holds."""

    def add(respond: Respond) -> Respond:
        def find(
            service: Service, request: Request, org: str, project: str, name: str, *more: str
        ) -> Json | None:
            return respond(service, request, service.stacks.find(org, project, name), *more)

        return _route(method, f"/api/stacks/([^/]+)/([^/]+)/([^/]+){rest}")(find)

    return add


def _of_update(method: str, rest: str) -> Callable[[Respond], Respond]:
    """Route to a function of the request's body, the stack, and the update that has the lease."""

    def add(respond: Respond) -> Respond:
        def find(_: Service, request: Request, stack: Stack, update_id: str) -> Json | None:
            token = request.credentials.removeprefix("update-token ")
            return respond(request.body, stack, stack.find_with_lease(update_id, token))

        return _of_stack(method, f"/update/([^/]+)/{rest}")(find)

    return add


@_route("GET", "/api/user")
def _user(*_: object) -> Json:
    organisation = {"githubLogin": USER, "name": USER}
    return {"id": "1", "githubLogin": USER, "name": USER, "email": "", "organizations": [organisation]}


@_route("GET", "/api/user/organizations/default")
def _default_organisation(*_: object) -> Json:
    return {"GitHubLogin": USER, "Messages": []}


@_route("GET", "/api/capabilities")
def _capabilities(service: Service, _: Request) -> Json:
    of_today = [
        {"capability": "batch-encrypt"},
        {"capability": "begin-update", "version": 1},
        {"capability": "deployment-schema-version", "version": 1, "configuration": {"version": 4}},
    ]
    return {"capabilities": of_today if service.journals else []}


@_route("GET", "/api/user/stacks")
def _list_stacks(service: Service, request: Request) -> Json:
    return {"stacks": service.stacks.listed(request.query.get("project"))}


@_route("HEAD", "/api/stacks/([^/]+)/([^/]+)")
def _has_project(service: Service, _: Request, org: str, project: str) -> Json:
    if not service.stacks.of_project(org, project):
        raise Refused(404, "Not Found")
    return {}


@_route("POST", "/api/stacks/([^/]+)/([^/]+)")
def _create_stack(service: Service, request: Request, org: str, project: str) -> Json:
    service.stacks.create(org, project, request.body)
    return {}


@_of_stack("GET")
def _get_stack(_: Service, __: Request, stack: Stack) -> Json:
    return stack.described()


@_of_stack("DELETE")
def _delete_stack(service: Service, request: Request, stack: Stack) -> None:
    service.stacks.delete(stack, force=request.query.get("force") == "true")


@_of_stack("POST", "/rename")
def _rename_stack(service: Service, request: Request, stack: Stack) -> Json:
    service.stacks.rename(stack, request.body["newName"] or stack.name)
    return {}


@_of_stack("PATCH", "/tags")
def _tag_stack(_: Service, request: Request, stack: Stack) -> Json:
    stack.tags = request.body
    return {}


@_of_stack("GET", "/export")
def _export(service: Service, _: Request, stack: Stack) -> Json:
    return stack.exported(running=service.exports_running)


@_of_stack("GET", "/export/([0-9]+)")
def _export_version(_: Service, __: Request, stack: Stack, version: str) -> Json:
    if int(version) not in stack.versions:
        raise Refused(404, f"Not Found: Update with version '{version}' not found")
    return stack.versions[int(version)]


@_of_stack("POST", "/import")
def _import(_: Service, request: Request, stack: Stack) -> Json:
    return {"updateId": stack.bring_in(request.body).id}


@_of_stack("GET", "/updates")
def _history(_: Service, __: Request, stack: Stack) -> Json:
    return {"updates": [*stack.history()]}


@_of_stack("GET", "/updates/latest")
def _latest(_: Service, __: Request, stack: Stack) -> Json:
    found = [*stack.history()]
    if not found:
        raise Refused(404, "Not Found")
    return {"info": found[0]}


@_of_stack("POST", "/encrypt")
def _encrypt(_: Service, request: Request, stack: Stack) -> Json:
    return {"ciphertext": _encrypted(stack, request.body["plaintext"])}


@_of_stack("POST", "/batch-encrypt")
def _batch_encrypt(_: Service, request: Request, stack: Stack) -> Json:
    return {"ciphertexts": [_encrypted(stack, text) for text in request.body["plaintexts"]]}


@_of_stack("POST", "/decrypt")
def _decrypt(_: Service, request: Request, stack: Stack) -> Json:
    return {"plaintext": _decrypted(stack, request.body["ciphertext"])}


@_of_stack("POST", "/batch-decrypt")
def _batch_decrypt(_: Service, request: Request, stack: Stack) -> Json:
    return {"plaintexts": {text: _decrypted(stack, text) for text in request.body["ciphertexts"]}}


@_of_stack("POST", "/decrypt/log-(?:batch-)?decryption")
def _log_decryption(*_: object) -> Json:
    return {}


def _encrypted(stack: Stack, plaintext: str) -> str:
    return b64encode(encrypt(stack.key, b64decode(plaintext or ""))).decode()


def _decrypted(stack: Stack, ciphertext: str) -> str:
    try:
        return b64encode(decrypt(stack.key, b64decode(ciphertext or ""))).decode()
    except ValueError as error:
        raise Refused(400, f"Bad Request: {error}") from None


@_of_stack("POST", "/(update|preview|refresh|destroy)")
def _create_update(_: Service, request: Request, stack: Stack, kind: str) -> Json:
    return {"updateID": stack.create(kind, request.body).id}


@_of_stack("POST", "/update/([^/]+)")
def _start_update(service: Service, request: Request, stack: Stack, update_id: str) -> Json:
    return _started(service, request.body, stack, stack.find(update_id))


@_of_stack("POST", "/begin-update")
def _begin_update(service: Service, request: Request, stack: Stack) -> Json:
    stack.refuse_while_locked_for(request.body["updateKind"])
    update = stack.create(request.body["updateKind"], request.body["program"])
    begun = _started(service, request.body, stack, update)
    return begun | {"updateID": update.id, "deployment": stack.state, "stack": stack.described()}


def _started(service: Service, body: Json, stack: Stack, update: Update) -> Json:
    version = min(body.get("journalVersion", 0), 2) if service.journals else 0
    return stack.start(update, body.get("tags")) | {"journalVersion": version}


@_of_stack("GET", "/update/([^/]+)")
def _update_results(_: Service, __: Request, stack: Stack, update_id: str) -> Json:
    return {"status": stack.find(update_id).status, "events": []}


@_of_stack("POST", "/update/([^/]+)/cancel")
def _cancel(_: Service, __: Request, stack: Stack, update_id: str) -> Json:
    stack.cancel(stack.find(update_id))
    return {}


@_of_update("POST", "renew_lease")
def _renew_lease(_: Json, __: Stack, update: Update) -> Json:
    return update.renew()


@_of_update("POST", "events/batch")
def _take_events(body: Json, _: Stack, update: Update) -> Json:
    update.events += body["events"]
    return {}


@_of_update("PATCH", "checkpoint")
def _save_checkpoint(body: Json, stack: Stack, update: Update) -> Json:
    stack.save_checkpoint(update, body)
    return {}


@_of_update("PATCH", "journalentries")
def _save_journal(body: Json, stack: Stack, update: Update) -> Json:
    stack.save_journal(update, body["entries"])
    return {}


@_of_update("POST", "complete")
def _complete(body: Json, stack: Stack, update: Update) -> Json:
    stack.end(update, body["status"])
    return {}
