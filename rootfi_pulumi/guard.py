"""Refuses to create again what an earlier run may have created already.

RootFi has no idempotency key and no list, so a create that was cut off must not simply be repeated.
Two traces of one are kept in the state, and looked for by every run that is about to create:

- a pending operation, left by the engine when the `pulumi` command was killed;
- an `InterruptedCreate`, registered here when the plugin died and the engine lived.

The state is read by a `pulumi stack export` that runs beside the program from its start, so that an
unaffected run waits for nothing; previews do not read it.

Rests on https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

import asyncio
import os
import re
from typing import Any
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import settings

from rootfi_pulumi.earlier_runs import MARK, EarlierRuns, StackState, StateUnreadableError, mark_name, name_of

SKIP = "ROOTFI_SKIP_PENDING_CHECK"
"""The environment variable that, set to 1, lets a run create without asking the state."""

# What the provider itself raises, it raises when RootFi certainly created nothing.
_RAISED_BY_PROVIDER = re.compile(r"rootfi_pulumi\.[a-z_.]+\.(?!UnexpectedError)[A-Za-z]+: ")


class InterruptedCreate(pulumi.ComponentResource):
    """A mark in the state that the plugin died while it created an integration.

    Not being declared by any program, it goes away with the first run that succeeds.
    """

    def __init__(self, integration_urn: str) -> None:
        super().__init__(MARK, mark_name(integration_urn), {"integration": integration_urn})


class Guard:
    """The hooks of one run, shared by all of its integrations."""

    def __init__(self) -> None:
        needed = not pulumi.runtime.is_dry_run() and os.environ.get(SKIP) != "1"
        self._state = StackState() if needed else None
        self._at_start: asyncio.Task[EarlierRuns] | None = None
        self._adopting: dict[int, str] = {}
        self.hooks = pulumi.ResourceHookBinding(
            before_create=[pulumi.ResourceHook("rootfi-interrupted-create", self._before_create)],
            on_error=[pulumi.ErrorHook("rootfi-interrupted-create-mark", self._on_error)],
        )

    async def _before_create(self, args: pulumi.ResourceHookArgs) -> None:
        if self._state is None:
            return
        try:
            earlier = await self._earlier_runs(self._state, args.urn)
        except StateUnreadableError as error:
            override = f"mend that, or set {SKIP}=1 to create without knowing"
            raise pulumi.RunError(f"{args.name}: not created: {error}: {override}") from None
        inputs = dict(args.new_inputs or {})
        refused = refusal(args.urn, inputs, earlier) or self._adopted_twice(args.urn, inputs)
        if not refused:
            return
        if mark_name(args.urn) in earlier.marks:
            # Registered again, or a run with --continue-on-error would remove it at its end.
            await InterruptedCreate(args.urn).urn.future()
        raise pulumi.RunError(refused)

    async def _earlier_runs(self, state: StackState, urn: str) -> EarlierRuns:
        if self._at_start is None:
            self._at_start = asyncio.ensure_future(asyncio.to_thread(state.at_start))
        earlier = await self._at_start
        # The state may have been read before or after this very create was written into it; now it is in.
        return await asyncio.to_thread(state.now) if urn in earlier.pending else earlier

    def _adopted_twice(self, urn: str, inputs: dict[str, Any]) -> str | None:
        adopt = inputs.get("adopt")
        owner = urn if adopt is None else self._adopting.setdefault(int(adopt), urn)
        return None if owner == urn else _managed(urn, inputs, owner)

    async def _on_error(self, args: pulumi.ErrorHookArgs) -> bool:
        cause = args.errors[0] if args.errors else ""
        if args.failed_operation == "create" and not _RAISED_BY_PROVIDER.search(cause):
            await InterruptedCreate(args.urn).urn.future()
            pulumi.log.error(
                f"{args.name}: the provider's process ended while it created this integration ({cause}), "
                "so RootFi may have it: the next `pulumi up` will not create it again, but say what to do"
            )
        return False


def refusal(urn: str, inputs: dict[str, Any], earlier: EarlierRuns) -> str | None:
    """Say why the integration of this URN must not be created as declared and what to do, or None."""
    if inputs.get("adopt") is not None:
        owner = earlier.managed.get(str(int(inputs["adopt"])), urn)
        return None if owner == urn else _managed(urn, inputs, owner)
    mark = earlier.marks.get(mark_name(urn))
    if not mark and not earlier.interrupted(urn):
        return None
    forget = f"`pulumi state delete '{mark}'`" if mark else "`pulumi refresh --clear-pending-creates`"
    return (
        f"{name_of(urn)}: not created: an earlier run was interrupted while it created this integration, "
        f"so RootFi may have it. Look there for a {inputs.get('integration_type')} integration with "
        f"client id {inputs.get('client_id')}, and in that run's log for its id. If RootFi has it, "
        f"declare `adopt: <its rootfi_id>`. If it has not, run {forget}. "
        "(`pulumi cancel` frees a stack that the interrupted run left locked.)"
    )


def _managed(urn: str, inputs: dict[str, Any], owner: str) -> str:
    return (
        f"{name_of(urn)}: adopt: integration {int(inputs['adopt'])} is managed already, by {owner}: "
        "take `adopt` out, or rename that resource with `aliases`"
    )


_guards: "WeakKeyDictionary[Any, Guard]" = WeakKeyDictionary()


def guarded(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with this run's hooks added."""
    monitor = settings.get_monitor()
    if monitor not in _guards:
        _guards[monitor] = Guard()
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(hooks=_guards[monitor].hooks))
