"""The stacks of the stand-in for Pulumi Cloud: their state, their updates and the lease that one update has.

Words and codes are those of the service where its users have quoted them; docs/backends.md says what is not
known of it.
"""

import json
import secrets
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.pulumi_cloud.journal import replay

# Seconds; the CLI renews a lease after half of them.
LEASE = 300
EMPTY = {
    "version": 3,
    "deployment": {"manifest": {"time": "0001-01-01T00:00:00Z", "magic": "", "version": ""}},
}

Json = dict[str, Any]


class Refused(Exception):
    """A request that is turned away; the message begins with the status in words, as the service's does."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Update:
    """One `up`, `preview`, `refresh`, `destroy` or import of a stack.

    `base` is the state that it began with, `journal` what it has sent since, if it sends no whole checkpoints.
    """

    kind: str
    program: Json
    base: Json
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    version: int = 0
    token: str = ""
    lease_until: float = 0
    status: str = "not started"
    journal: list[Json] = field(default_factory=list)
    events: list[Json] = field(default_factory=list)
    started: float = 0

    @property
    def locks(self) -> bool:
        """Whether it keeps other updates from the stack."""
        return self.kind != "preview" and self.status == "running" and self.lease_until > time.monotonic()

    def renew(self) -> Json:
        self.token = secrets.token_hex(16)
        self.lease_until = time.monotonic() + LEASE
        return {"token": self.token, "tokenExpiration": int(time.time() + LEASE)}


@dataclass
class Stack:
    """`state` has all that updates have sent; `clock` is how far the service's clock is ahead, in seconds."""

    org: str
    project: str
    name: str
    tags: Json
    clock: float = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    version: int = 0
    state: Json = field(default_factory=lambda: EMPTY)
    updates: dict[str, Update] = field(default_factory=dict)
    last: str = ""
    versions: dict[int, Json] = field(default_factory=dict)

    def described(self) -> Json:
        return {
            "id": self.id,
            "orgName": self.org,
            "projectName": self.project,
            "stackName": self.name,
            "tags": self.tags,
            "activeUpdate": self.last,
            "version": self.version,
        }

    def resources(self) -> list[Json]:
        return self.state["deployment"].get("resources") or []

    def exported(self, *, running: bool) -> Json:
        """Return the state, with or without what an update that goes on has sent."""
        going_on = [update for update in self.updates.values() if update.locks]
        return going_on[0].base if going_on and not running else self.state

    def create(self, kind: str, program: Json) -> Update:
        update = Update(kind, program, self.state)
        self.updates[update.id] = update
        return update

    def start(self, update: Update, tags: Json | None) -> Json:
        """Give the update the lease. Raises Refused while another has it."""
        self.refuse_while_locked_for(update.kind)
        if update.kind != "preview":
            self.version += 1
            self.last = update.id
            self.tags = tags or self.tags
        update.base, update.version = self.state, self.version
        update.status, update.started = "running", time.time()
        return {"version": self.version} | update.renew()

    def refuse_while_locked_for(self, kind: str) -> None:
        if kind != "preview" and any(update.locks for update in self.updates.values()):
            raise Refused(409, "Conflict: Another update is currently in progress.")

    def find(self, update_id: str) -> Update:
        if update_id not in self.updates:
            raise Refused(404, f"Not Found: Update '{update_id}' not found")
        return self.updates[update_id]

    def find_with_lease(self, update_id: str, token: str) -> Update:
        """Raise Refused unless this is the token of an update that goes on."""
        update = self.find(update_id)
        if update.status != "running":
            raise Refused(409, "Conflict: The Update has already completed")
        if not secrets.compare_digest(token, update.token):
            raise Refused(401, "Unauthorized: The provided update token is invalid.")
        if update.lease_until <= time.monotonic():
            raise Refused(403, "Forbidden: The provided update token has expired.")
        return update

    def save_checkpoint(self, update: Update, checkpoint: Json) -> None:
        if update.kind != "preview":
            self.state = {
                key: checkpoint[key] for key in ("version", "features", "deployment") if key in checkpoint
            }

    def save_journal(self, update: Update, entries: list[Json]) -> None:
        update.journal += entries
        if update.kind == "preview":
            return
        try:
            deployment = replay(update.base["deployment"], update.journal)
        except ValueError as error:
            raise Refused(400, f"Bad Request: {error}") from None
        now = datetime.now(UTC) + timedelta(seconds=self.clock)
        # The service's clock, not the CLI's; Pulumi checks the magic against the version.
        manifest = {"time": now.isoformat(), "magic": "", "version": ""}
        self.state = update.base | {"deployment": deployment | {"manifest": manifest}}

    def end(self, update: Update, status: str) -> None:
        update.status = status
        if update.kind != "preview":
            self.versions[update.version] = self.state

    def cancel(self, update: Update) -> None:
        if update.status != "running":
            raise Refused(409, "Conflict: The Update has already completed")
        self.end(update, "cancelled")

    def bring_in(self, state: Json) -> Update:
        """Make this the state, as `pulumi stack import` does."""
        update = self.create("import", {})
        self.start(update, None)
        self.save_checkpoint(update, state)
        self.end(update, "succeeded")
        return update

    def history(self) -> Iterator[Json]:
        """Yield what was done to the stack, the latest first."""
        for update in sorted(self.updates.values(), key=lambda each: -each.version):
            if update.kind != "preview" and update.status not in ("not started", "running"):
                yield {
                    "kind": update.kind,
                    "startTime": int(update.started),
                    "endTime": int(update.started),
                    "message": update.program.get("metadata", {}).get("message", ""),
                    "environment": update.program.get("metadata", {}).get("environment", {}),
                    "config": update.program.get("config", {}),
                    "result": "succeeded" if update.status == "succeeded" else "failed",
                    "version": update.version,
                }


@dataclass
class Stacks:
    """All stacks of the one organisation."""

    by_path: dict[tuple[str, str, str], Stack] = field(default_factory=dict)
    clock: float = 0

    def create(self, org: str, project: str, wanted: Json) -> None:
        name = wanted["stackName"]
        if (org, project, name) in self.by_path:
            raise Refused(409, f"Conflict: Stack '{name}' already exists")
        stack = Stack(org, project, name, wanted.get("tags") or {}, self.clock)
        stack.state = wanted.get("state") or stack.state
        self.by_path[org, project, name] = stack

    def find(self, org: str, project: str, name: str) -> Stack:
        if (org, project, name) not in self.by_path:
            raise Refused(404, f"Not Found: Stack '{org}/{project}/{name}' not found")
        return self.by_path[org, project, name]

    def delete(self, stack: Stack, *, force: bool) -> None:
        stack.refuse_while_locked_for("delete")
        if stack.resources() and not force:
            raise Refused(400, "Bad Request: Stack still contains resources.")
        del self.by_path[stack.org, stack.project, stack.name]

    def rename(self, stack: Stack, name: str) -> None:
        """Give the stack another name, in its state too, whose secrets provider and URNs hold it."""
        stack.refuse_while_locked_for("rename")
        if (stack.org, stack.project, name) in self.by_path:
            raise Refused(409, f"Conflict: Stack '{name}' already exists")
        del self.by_path[stack.org, stack.project, stack.name]
        before, after = (f"urn:pulumi:{each}::{stack.project}::" for each in (stack.name, name))
        stack.name, stack.state = name, json.loads(json.dumps(stack.state).replace(before, after))
        provider = stack.state["deployment"].get("secrets_providers") or {}
        if provider.get("type") == "service":
            provider["state"]["stack"] = name
        self.by_path[stack.org, stack.project, name] = stack

    def of_project(self, org: str, project: str) -> list[Stack]:
        return [stack for stack in self.by_path.values() if (stack.org, stack.project) == (org, project)]

    def listed(self, project: str | None) -> list[Json]:
        return [
            stack.described() | {"resourceCount": len(stack.resources()), "links": {"self": ""}}
            for stack in self.by_path.values()
            if project in (None, stack.project)
        ]
