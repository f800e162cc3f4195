"""Refuses to create again what an earlier run may have created already.

RootFi has no idempotency key and no list, so a create that was cut off must not simply be repeated.
Two traces of one are kept in the state, and looked for by every run that is about to create:

- a pending operation, left by the engine when the `pulumi` command was killed;
- an `InterruptedCreate`, registered here when the plugin died and the engine lived.

The state is read once, when the program starts and so before the run itself adds to it, by a
`pulumi stack export` that runs beside the program; previews do not read it.

Rests on https://www.pulumi.com/docs/iac/concepts/resources/options/hooks/
"""

import asyncio
import atexit
import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import Any, Self
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime import settings

SKIP = "ROOTFI_SKIP_PENDING_CHECK"
_INTEGRATION = "pulumi-python:dynamic/rootfi:RootFiIntegration"
_MARK = "rootfi:index:InterruptedCreate"
# What the provider itself raises, it raises when RootFi certainly created nothing.
_RAISED_BY_PROVIDER = re.compile(r"rootfi_pulumi\.[a-z_.]+\.(?!UnexpectedError)[A-Za-z]+: ")


class InterruptedCreate(pulumi.ComponentResource):
    """A mark in the state that the plugin died while it created an integration.

    Not being declared by any program, it goes away with the first run that succeeds.
    """

    def __init__(self, integration_urn: str) -> None:
        super().__init__(_MARK, _mark_name(integration_urn), {"integration": integration_urn})


@dataclass(frozen=True)
class EarlierRuns:
    """What the state tells of the runs before this one.

    `pending` holds the URNs of integrations whose create did not end, `marks` the URNs of
    InterruptedCreate by name, `managed` the URNs of integrations by id.
    """

    pending: frozenset[str]
    marks: dict[str, str]
    managed: dict[str, str]

    @classmethod
    def parse(cls, exported: str) -> Self:
        """Read the output of `pulumi stack export`. Raises ValueError or KeyError for anything else."""
        deployment = json.loads(exported)["deployment"]
        resources = deployment.get("resources") or []
        operations = deployment.get("pending_operations") or []
        return cls(
            pending=frozenset(each["resource"]["urn"] for each in operations if each["type"] == "creating"),
            marks={_name(each["urn"]): each["urn"] for each in resources if each["type"] == _MARK},
            managed={each["id"]: each["urn"] for each in resources if each["type"] == _INTEGRATION},
        )


class Guard:
    """The hooks of one run, shared by all of its integrations."""

    def __init__(self) -> None:
        needed = not pulumi.runtime.is_dry_run() and os.environ.get(SKIP) != "1"
        self._export = _start_export() if needed else None
        self._earlier: asyncio.Task[EarlierRuns] | None = None
        self._adopting: dict[int, str] = {}
        self.hooks = pulumi.ResourceHookBinding(
            before_create=[pulumi.ResourceHook("rootfi-interrupted-create", self._before_create)],
            on_error=[pulumi.ErrorHook("rootfi-interrupted-create-mark", self._on_error)],
        )

    async def _before_create(self, args: pulumi.ResourceHookArgs) -> None:
        if self._export is None:
            return
        if self._earlier is None:
            self._earlier = asyncio.ensure_future(asyncio.to_thread(_read_export, self._export))
        try:
            earlier = await self._earlier
        except StateUnreadableError as error:
            raise pulumi.RunError(f"{args.name}: {error}") from None
        inputs = dict(args.new_inputs or {})
        if inputs.get("adopt") is None:
            await self._refuse_interrupted(args, inputs, earlier)
        else:
            self._refuse_managed(args, int(inputs["adopt"]), earlier)

    async def _refuse_interrupted(
        self, args: pulumi.ResourceHookArgs, inputs: dict[str, Any], earlier: EarlierRuns
    ) -> None:
        mark = earlier.marks.get(_mark_name(args.urn))
        if args.urn in earlier.pending:
            otherwise = "`pulumi refresh --clear-pending-creates`"
        elif mark:
            # Registered again, or a run with --continue-on-error would remove it at its end.
            await InterruptedCreate(args.urn).urn.future()
            otherwise = f"`pulumi state delete '{mark}'`"
        else:
            return
        raise pulumi.RunError(
            f"{args.name}: not created: an earlier run was interrupted while it created this integration, "
            f"so RootFi may have it. Look there for a {inputs.get('integration_type')} integration with "
            f"client id {inputs.get('client_id')}, and in that run's log for its id. If RootFi has it, "
            f"declare `adopt: <its rootfi_id>`. If it has not, run {otherwise}. "
            "(`pulumi cancel` frees a stack that the interrupted run left locked.)"
        )

    def _refuse_managed(self, args: pulumi.ResourceHookArgs, rootfi_id: int, earlier: EarlierRuns) -> None:
        owner = earlier.managed.get(str(rootfi_id), self._adopting.setdefault(rootfi_id, args.urn))
        if owner != args.urn:
            raise pulumi.RunError(
                f"{args.name}: adopt: integration {rootfi_id} is managed already, by {owner}: "
                "take `adopt` out, or rename that resource with `aliases`"
            )

    async def _on_error(self, args: pulumi.ErrorHookArgs) -> bool:
        cause = args.errors[0] if args.errors else ""
        if args.failed_operation == "create" and not _RAISED_BY_PROVIDER.search(cause):
            await InterruptedCreate(args.urn).urn.future()
            pulumi.log.error(
                f"{args.name}: the provider's process ended while it created this integration ({cause}), "
                "so RootFi may have it: the next `pulumi up` will not create it again, but say what to do"
            )
        return False


class StateUnreadableError(Exception):
    """`pulumi stack export` did not tell what earlier runs left; `str()` says why and what to do."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the stack's state cannot be read, so an interrupted create could be repeated: {why}: "
            f"mend that, or set {SKIP}=1 to create without knowing"
        )


_guards: "WeakKeyDictionary[Any, Guard]" = WeakKeyDictionary()


def guarded(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with this run's hooks added."""
    monitor = settings.get_monitor()
    if monitor not in _guards:
        _guards[monitor] = Guard()
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(hooks=_guards[monitor].hooks))


def _start_export() -> subprocess.Popen[str] | StateUnreadableError:
    pulumi_command = shutil.which("pulumi")
    if not pulumi_command:
        return StateUnreadableError("there is no `pulumi` on PATH")
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    export = subprocess.Popen(  # noqa: S603 (the command and a stack's name)
        [pulumi_command, "stack", "export", "--stack", stack, "--non-interactive"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    # Most runs create nothing and never ask for the answer.
    atexit.register(export.kill)
    return export


def _read_export(export: subprocess.Popen[str] | StateUnreadableError) -> EarlierRuns:
    if isinstance(export, StateUnreadableError):
        raise export
    stdout, stderr = export.communicate()
    if export.returncode:
        raise StateUnreadableError(f"pulumi stack export: {' '.join(stderr.split())[:300]}")
    try:
        return EarlierRuns.parse(stdout)
    except (ValueError, KeyError, TypeError) as error:
        raise StateUnreadableError(f"pulumi stack export: {type(error).__name__}") from None


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]


def _mark_name(integration_urn: str) -> str:
    # Two parents may each have an integration of one name.
    return f"{_name(integration_urn)}-{hashlib.sha256(integration_urn.encode()).hexdigest()[:8]}"
