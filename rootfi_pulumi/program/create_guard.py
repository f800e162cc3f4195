"""Refuses to create again what an earlier run may have created already.

RootFi has no idempotency key and no list, so a create that was cut off must not simply be repeated.
Two traces of one are kept in the state, and looked for by every run that is about to create:

- a pending operation, left by the engine when the `pulumi` command was killed;
- an entry in the `CreateJournal`, written when the plugin died and the engine lived.

The state is read by a `pulumi stack export` that runs in parallel with the program from its start, so that an
unaffected run waits for nothing. A preview reads it when there is something to create. In Pulumi Cloud, whose
clock dates the state, integrations are registered only once it has been read: what is pending in it is then
certainly an earlier run's.

Each create passes a hook here. A transform may drop the hook, so on Linux the plugin asks for each create as
well (`permission`).

Rests on https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

import asyncio
import os
import re
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import get_config

from rootfi_pulumi.declaration.settings import TIMEOUT
from rootfi_pulumi.program.create_journal import CreateJournal
from rootfi_pulumi.program.plain_key import refuse_plain_key
from rootfi_pulumi.program.plugin_socket import serve
from rootfi_pulumi.program.stack_state import StackState
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError
from rootfi_pulumi.provider.create_watch import NOTE, NOTED
from rootfi_pulumi.provider.permission import GRANTED, asked
from rootfi_pulumi.sdk_internals.await_registrations import wait_for_registrations_first
from rootfi_pulumi.sdk_internals.engine_process import engine_port
from rootfi_pulumi.sdk_internals.monitor import run_key
from rootfi_pulumi.sdk_internals.plugin_start import start_plugin
from rootfi_pulumi.sdk_internals.state_writer import in_thread
from rootfi_pulumi.sdk_internals.unknown import is_unknown
from rootfi_pulumi.state import name_of

SKIP = "ROOTFI_SKIP_PENDING_CHECK"
"""The environment variable that, set to 1, lets a run create without asking the state."""

_OTHER_STACK = (
    "what `pulumi stack export` shows where the program runs is not this run's (give the program the "
    "workspace's env_vars, too)"
)
# For a value that is secret, or that a preview does not know yet.
_NOT_SHOWN = "(not shown)"
_PERHAPS_RUNNING = " (If a run of this stack is going on, wait for it, and preview again.)"
# What the provider itself raises, it raises when RootFi certainly created nothing.
_RAISED_BY_PROVIDER = re.compile(r"rootfi_pulumi\.[a-z_.]+\.(?!UnexpectedError)[A-Za-z]+: ")


class Guard:
    """The hooks of one run, shared by all of its integrations."""

    def __init__(self) -> None:
        refuse_plain_key()
        self._plugin: object | None = None
        self._is_preview = pulumi.runtime.is_dry_run()
        needed = os.environ.get(SKIP) != "1"
        self._state = StackState(reads_at_once=not self._is_preview) if needed else None
        self._at_start: asyncio.Task[EarlierRuns] | None = None
        self._next: asyncio.Task[EarlierRuns] | None = None
        self._reading = asyncio.Lock()
        self._adopting: dict[int, str] = {}
        self._journal = CreateJournal(self._state)
        wait_for_registrations_first()
        self._under_way: dict[str, asyncio.Future[None]] = {}
        # Creates whose hook was dropped; whether one has failed is not reported.
        self._without_hook: set[str] = set()
        self._resolved: set[str] = set()
        self._taking_out: asyncio.Task[None] | None = None
        self._resources: dict[pulumi.Resource, None] = {}
        # Reaches what is declared from now on, but for what lies in components made before.
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
        """Have the plugin started, once in a run, for a resource of these options."""
        if self._plugin is None:
            self._plugin = start_plugin(opts)

    def in_time(self, value: str) -> pulumi.Input[str]:
        """Return this value as an input that delays an integration's registration until it is allowed."""
        if self._state is None or not self._reads_first(self._state):
            return value
        reading = self._first_reading(self._state)

        async def after_reading(value: str) -> str:
            await asyncio.gather(reading, return_exceptions=True)
            return value

        return pulumi.Output.from_input(after_reading(value))

    async def all_registered(self) -> None:
        """Return when every resource that the program has declared so far is done, well or not."""
        seen = 0
        while seen < len(self._resources):
            new, seen = list(self._resources)[seen:], len(self._resources)
            await asyncio.gather(*(each.urn.future() for each in new), return_exceptions=True)

    async def registered(self, urn: str) -> None:
        """Note that the integration of this URN is in the state; if this run created it, that is resolved."""
        created = self.is_created(urn)
        self.concluded(urn)
        if created and urn in self._journal.interrupted:
            self._resolved.add(urn)
            if self._taking_out is None:
                self._taking_out = asyncio.ensure_future(self._take_out())
            await self._taking_out

    async def _take_out(self) -> None:
        # All at once: the engine takes the journal once in a run.
        await self.all_registered()
        await self._journal.take_out(self._resolved)

    def is_created(self, urn: str) -> bool:
        """Return whether this run creates the integration of this URN, or adopts it."""
        return urn in self._under_way or urn in self._without_hook

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
        inputs = {name: await _known(name, value) for name, value in (args.new_inputs or {}).items()}
        refused = await self._why_refused(args.urn, inputs)
        if refused:
            raise pulumi.RunError(refused)
        if not self._is_preview:
            self._under_way[args.urn] = asyncio.get_running_loop().create_future()

    async def _answer(self, line: bytes) -> bytes:
        """Answer a process of the plugin: its watch, or itself before a create."""
        if line != NOTE:
            return await self._permit(*asked(line))
        failure = "the provider's process died while it created integrations, so RootFi may have them"
        return NOTED if await self._journal.note_or_end(self._with_plugin(), failure) else b"ended"

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
        if self._state is None or (self._is_preview and not self._state.is_found):
            return None
        if inputs.get("adopt") == _NOT_SHOWN:
            return None
        try:
            earlier = await self._earlier_runs(self._state, urn)
        except StateUnreadableError as error:
            override = f"correct that, or set {SKIP}=1 to create without knowing"
            return f"{name_of(urn)}: not created: {error}: {override}"
        refused = refusal(urn, inputs, earlier) or self._adopted_twice(urn, inputs)
        # No lock keeps a preview from the pending creates of a run that is going on.
        return f"{refused}{_PERHAPS_RUNNING}" if refused and self._is_preview else refused

    async def _earlier_runs(self, state: StackState, urn: str) -> EarlierRuns:
        earlier = await self._first_reading(state)
        if self._is_preview or self._reads_first(state):
            # It has no create of this run, even if it is newer by another machine's clock.
            if not (self._is_preview or state.is_certain):
                _check_own((await self._now(state)).pending[urn] > earlier.pending[urn])
            return replace(earlier, with_own=False)
        if not state.is_certain:
            earlier = await self._now(state)
            _check_own(earlier.with_own and earlier.pending[urn] > 0)
        # The state may have been read before or after this very create was written into it; now it is in.
        return await self._now(state) if urn in earlier.pending else earlier

    def _reads_first(self, state: StackState) -> bool:
        return state.is_in_pulumi_cloud and not self._is_preview

    def _first_reading(self, state: StackState) -> "asyncio.Task[EarlierRuns]":
        if self._at_start is None:
            self._at_start = asyncio.ensure_future(self._read(state))
        return self._at_start

    async def _now(self, state: StackState) -> EarlierRuns:
        # One reading serves all that ask before it begins: on a slow machine every create of a run asks.
        if self._next is None:
            self._next = asyncio.ensure_future(self._read_next(state))
        return await self._next

    async def _read_next(self, state: StackState) -> EarlierRuns:
        async with self._reading:
            self._next = None
            return await in_thread(state.now)

    async def _read(self, state: StackState) -> EarlierRuns:
        earlier = await in_thread(state.at_start)
        self._journal.begin(earlier)
        return earlier

    def _adopted_twice(self, urn: str, inputs: dict[str, Any]) -> str | None:
        adopt = inputs.get("adopt")
        owner = urn if adopt is None else self._adopting.setdefault(int(adopt), urn)
        return None if owner == urn else _managed(urn, inputs, owner)

    async def _on_error(self, args: pulumi.ErrorHookArgs) -> bool:
        cause = args.errors[0] if args.errors else ""
        if args.failed_operation == "create" and not _RAISED_BY_PROVIDER.search(cause):
            # Whatever ended this create ended the others that were with the plugin, too.
            failure = (
                f"{args.name}: the provider failed while it created this integration "
                f"({' '.join(cause.split())}), so RootFi may have it"
            )
            if await self._journal.note_or_end(self._with_plugin() | {args.urn}, failure):
                pulumi.log.error(
                    f"{failure}: the next `pulumi up` will not create it again, but say what to do"
                )
        self.concluded(args.urn)
        # The first failure that reaches the program ends it, and with it the hooks of the others.
        others = [future for future in self._under_way.values() if not future.done()]
        if others:
            await asyncio.wait(others, timeout=_longest_create())
        return False


async def _known(name: str, value: Any) -> Any:
    """Return an input for a refusal, which must show no secret; `adopt` in any case."""
    if not isinstance(value, pulumi.Output):
        return _NOT_SHOWN if is_unknown(value) else value
    is_shown = name == "adopt" or not await value.is_secret()
    return await value.future() if is_shown and await value.is_known() else _NOT_SHOWN


def _check_own(is_own: bool) -> None:
    """Raise StateUnreadableError for a state that does not have what this run wrote into its stack's."""
    if not is_own:
        raise StateUnreadableError(_OTHER_STACK)


def _longest_create() -> float:
    # A POST and a PUT, and what the engine does around them.
    timeout = get_config(TIMEOUT.key)
    known = timeout is not None and not TIMEOUT.problem_of(timeout)
    return 2 * (float(timeout if known and timeout else TIMEOUT.default)) + 30


def refusal(urn: str, inputs: dict[str, Any], earlier: EarlierRuns) -> str | None:
    """Say why the integration of this URN must not be created as declared and what to do, or None."""
    if inputs.get("adopt") is not None:
        owner = earlier.managed.get(str(int(inputs["adopt"])))
        return _managed(urn, inputs, owner) if owner else None
    pending = earlier.left_pending(urn)
    if not pending and urn not in earlier.interrupted:
        return None
    forget = "refresh --clear-pending-creates" if pending else f"state delete '{earlier.journal}'"
    return (
        f"{name_of(urn)}: not created: an earlier run was interrupted while it created this integration, "
        f"so RootFi may have it. Look there for a {inputs.get('integration_type')} integration with "
        f"client id {inputs.get('client_id')}, and in that run's log for its id. If RootFi has it, "
        f"declare `adopt: <its rootfi_id>`. If it has not, run `pulumi {forget}`. "
        "(`pulumi cancel` frees a stack that the interrupted run left locked.)"
    )


def _managed(urn: str, inputs: dict[str, Any], owner: str) -> str:
    return (
        f"{name_of(urn)}: adopt: integration {int(inputs['adopt'])} is managed already, by {owner}: "
        "take `adopt` out; to rename a resource use `aliases`"
    )


_guards: "WeakKeyDictionary[Any, Guard]" = WeakKeyDictionary()


def run_guard() -> Guard:
    """Return the guard of the run to which the calling program belongs."""
    run = run_key()
    if run not in _guards:
        _guards[run] = Guard()
    return _guards[run]
