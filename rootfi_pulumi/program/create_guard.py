"""Refuses to create again what an earlier run may have created already.

RootFi has no idempotency key and no list, so a create that was cut off must not simply be repeated. The state
keeps two traces of one, and every run that is about to create looks for them:

- a pending operation, which the engine leaves when the `pulumi` command is killed;
- an entry in the `CreateJournal`, written when the plugin dies and the engine lives.

A `pulumi stack export` reads the state in parallel with the program from its start, so a run that is not
affected waits for nothing. A preview reads it when there is something to create. In Pulumi Cloud, whose clock
dates the state, integrations are registered only once it has been read: what is pending in it is then
certainly an earlier run's.

Each create passes a hook here. A transform may drop the hook, so on Linux the plugin asks for each create as
well (`permission`).

See https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

import asyncio
import os
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_config

from rootfi_pulumi.declaration.settings import TIMEOUT
from rootfi_pulumi.program.create_journal import CreateJournal
from rootfi_pulumi.program.plain_key import refuse_plain_key
from rootfi_pulumi.program.plugin_server import serve
from rootfi_pulumi.program.protections import warn_of_missing_protections
from rootfi_pulumi.program.refusals import (
    SKIP,
    describe_refusal,
    find_refusal,
    refuse_managed,
    refuse_unread,
)
from rootfi_pulumi.program.stack_state import StackState
from rootfi_pulumi.program.state_reading import StateReading
from rootfi_pulumi.program.steps import NOT_SHOWN, read_shown
from rootfi_pulumi.project.earlier_runs import StateUnreadableError
from rootfi_pulumi.provider.create_permission import GRANTED, read_question
from rootfi_pulumi.provider.create_watch import NOTE, NOTED
from rootfi_pulumi.provider.phrases import NOT_CREATED, PROVIDER_FAILED
from rootfi_pulumi.sdk_internals.await_registrations import wait_for_registrations_first
from rootfi_pulumi.sdk_internals.engine_process import engine_port
from rootfi_pulumi.sdk_internals.monitor import run_key
from rootfi_pulumi.sdk_internals.plugin_start import start_plugin
from rootfi_pulumi.state import name_of

_PERHAPS_RUNNING = "\n  If a run of this stack is in progress, wait for it and preview again."


class Guard:
    """The hooks of one run, shared by all of its integrations."""

    def __init__(self) -> None:
        refuse_plain_key()
        self._plugin: object | None = None
        self._is_preview = pulumi.runtime.is_dry_run()
        needed = os.environ.get(SKIP) != "1"
        state = StackState(reads_at_once=not self._is_preview) if needed else None
        self._journal = CreateJournal(state)
        self._reading = state and StateReading(state, self._journal.begin, is_preview=self._is_preview)
        self._adopting: dict[int, str] = {}
        self._taken_over: dict[str, int] = {}
        wait_for_registrations_first()
        self._under_way: dict[str, asyncio.Future[None]] = {}
        # Creates whose hook was dropped; the engine does not report whether one of them failed.
        self._without_hook: set[str] = set()
        self._resolved: set[str] = set()
        self._taking_out: asyncio.Task[None] | None = None
        self._resources: dict[pulumi.Resource, None] = {}
        # Reaches what is declared from now on, except in components that were made before.
        pulumi.runtime.register_stack_transformation(lambda args: self.note(args.resource))
        self.hooks = pulumi.ResourceHookBinding(
            before_create=[
                pulumi.ResourceHook(
                    "rootfi-create", self._before_create, pulumi.ResourceHookOptions(on_dry_run=True)
                )
            ],
            on_error=[pulumi.ErrorHook("rootfi-error", self._on_error)],
        )
        self._server: asyncio.Task[Any] | None = None
        engine = engine_port()
        if engine and not self._is_preview:
            self._server = asyncio.ensure_future(serve(engine, self._answer))

    def start_plugin(self, opts: pulumi.ResourceOptions | None) -> None:
        """Start the plugin, once in a run, for a resource with these options."""
        if self._plugin is None:
            self._plugin = start_plugin(opts)

    def in_time(self, value: str) -> pulumi.Input[str]:
        """Return this value as an input that delays an integration's registration until it is allowed."""
        if not self._reading or not self._reading.is_first:
            return value
        reading = self._reading.at_start()

        async def after_reading(value: str) -> str:
            await asyncio.gather(reading, return_exceptions=True)
            return value

        return pulumi.Output.from_input(after_reading(value))

    async def all_registered(self) -> None:
        """Return when every resource that the program has declared so far has succeeded or failed."""
        seen = 0
        while seen < len(self._resources):
            new, seen = list(self._resources)[seen:], len(self._resources)
            await asyncio.gather(*(each.urn.future() for each in new), return_exceptions=True)

    async def registered(self, urn: str) -> None:
        """Note that the integration of this URN is in the state; if this run created it, forget its trace."""
        created = self.is_created(urn)
        self.concluded(urn)
        if created and urn in self._journal.interrupted:
            self._resolved.add(urn)
            if self._taking_out is None:
                self._taking_out = asyncio.ensure_future(self._take_out())
            await self._taking_out

    async def _take_out(self) -> None:
        # All at the end, since the engine takes the journal's outputs once in a run.
        await self.all_registered()
        await self._journal.take_out(self._resolved)

    def is_created(self, urn: str) -> bool:
        """Return whether this run creates the integration of this URN, or adopts it."""
        return urn in self._under_way or urn in self._without_hook

    def taken_over(self, urn: str) -> int | None:
        """Return the id that the create of this URN adopts, or None if this run plans none or creates it."""
        return self._taken_over.get(urn)

    def concluded(self, urn: str) -> None:
        """Note that the create of this URN has ended."""
        self._without_hook.discard(urn)
        future = self._under_way.get(urn)
        if future and not future.done():
            future.set_result(None)

    def note(self, resource: pulumi.Resource) -> None:
        """Let `all_registered` wait for this resource, too."""
        self._resources[resource] = None

    async def _before_create(self, args: pulumi.ResourceHookArgs) -> None:
        inputs = {
            name: await read_shown(value, even_secret=name == "adopt")
            for name, value in (args.new_inputs or {}).items()
        }
        refused = await self._why_refused(args.urn, inputs)
        if refused:
            raise pulumi.RunError(describe_refusal(args.urn, refused))
        if inputs.get("adopt") not in (None, NOT_SHOWN):
            self._taken_over[args.urn] = int(inputs["adopt"])
        if not self._is_preview:
            if not self._under_way:
                warn_of_missing_protections()
            self._under_way[args.urn] = asyncio.get_running_loop().create_future()

    async def _answer(self, line: bytes) -> bytes:
        """Answer a process of the plugin: its watch, or itself before a create."""
        if line != NOTE:
            return await self._permit(*read_question(line))
        urns = self._with_plugin()
        failure = describe_failure(*sorted(map(name_of, urns)))
        return NOTED if await self._journal.note_or_end(urns, failure) else b"ended"

    async def _permit(self, urn: str, inputs: dict[str, Any]) -> bytes:
        if urn in self._under_way:
            return GRANTED
        refused = await self._why_refused(urn, inputs)
        if refused:
            return refused.encode()
        self._without_hook.add(urn)
        return GRANTED

    def _with_plugin(self) -> set[str]:
        return self._without_hook | {urn for urn, future in self._under_way.items() if not future.done()}

    async def _why_refused(self, urn: str, inputs: dict[str, Any]) -> str | None:
        if not self._reading or not self._reading.is_possible or inputs.get("adopt") == NOT_SHOWN:
            return None
        try:
            earlier = await self._reading.before_create(urn)
        except StateUnreadableError as error:
            return refuse_unread(error)
        refused = find_refusal(urn, inputs, earlier) or self._adopted_twice(urn, inputs)
        # No lock keeps a preview from the pending creates of a run that is in progress.
        return f"{refused}{_PERHAPS_RUNNING}" if refused and self._is_preview else refused

    def _adopted_twice(self, urn: str, inputs: dict[str, Any]) -> str | None:
        adopt = inputs.get("adopt")
        owner = urn if adopt is None else self._adopting.setdefault(int(adopt), urn)
        return None if owner == urn else refuse_managed(inputs, owner)

    async def _on_error(self, args: pulumi.ErrorHookArgs) -> bool:
        cause = args.errors[0] if args.errors else ""
        if args.failed_operation == "create" and not is_certainly_not_created(args.urn, cause):
            # Whatever ended this create ended the others that were with the plugin, too.
            failure = f"{describe_failure(name_of(args.urn))} ({' '.join(cause.split())})"
            if await self._journal.note_or_end(self._with_plugin() | {args.urn}, failure):
                pulumi.log.error(
                    f"{failure}\n  The next run does not create it again, and lists the steps:  pulumi up"
                )
        self.concluded(args.urn)
        # The first failure that reaches the program ends it, and with it the hooks of the others.
        others = [future for future in self._under_way.values() if not future.done()]
        if others:
            await asyncio.wait(others, timeout=_longest_create())
        return False


def is_certainly_not_created(urn: str, cause: str) -> bool:
    """Return whether this cause of a failed create is one for which the provider certainly created nothing.

    Only the beginning counts: what RootFi or a declaration says comes later in the text.
    """
    return cause.startswith((f"{NOT_CREATED}: ", describe_refusal(urn, "")))


def describe_failure(*names: str) -> str:
    """Return the first line for creates during which the plugin died."""
    return f"{', '.join(names)}: {PROVIDER_FAILED}, so RootFi may have the integration"


def _longest_create() -> float:
    # A POST and a PUT, and what the engine does before and after them.
    timeout = get_config(TIMEOUT.key)
    is_usable = timeout is not None and not TIMEOUT.problem_of(timeout)
    return 2 * float(timeout if timeout and is_usable else TIMEOUT.default) + 30


_guards: "WeakKeyDictionary[Any, Guard]" = WeakKeyDictionary()


def run_guard() -> Guard:
    """Return the guard of the run to which the calling program belongs."""
    run = run_key()
    if run not in _guards:
        _guards[run] = Guard()
    return _guards[run]
