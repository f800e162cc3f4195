"""Applies declarations to the provider in the way of Pulumi's engine, crashes included, without its cost.

What it leaves out is what the e2e tests are for: the wire, the language host, real state.
"""

import io
from collections import Counter
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from typing import Any, Literal

from rootfi_pulumi.program.refusals import find_refusal
from rootfi_pulumi.project.earlier_runs import EarlierRuns
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from rootfi_pulumi.provider.phrases import BUG
from rootfi_pulumi.state import is_unresolved
from tests.support.contract.sdk_call import call

Props = dict[str, Any]


@dataclass(frozen=True)
class Crash:
    """What dies, with how many creates under way at most.

    An engine that is busy, and one that was started with targets, takes no note of a plugin's death.
    """

    victim: Literal["engine", "plugin"]
    creates: int = 1
    is_busy: bool = False


class CrashedError(Exception):
    """The plugin or the engine has died: what would have been next in the run does not happen."""


@dataclass
class Resource:
    id: str
    inputs: Props
    outs: Props


@dataclass
class Engine:
    """A stack's state, and what `up`, `refresh` and the commands of a recovery do to it."""

    provider: RootFiIntegrationProvider
    state: dict[str, Resource] = field(default_factory=dict)
    to_delete: list[Resource] = field(default_factory=list)
    pending: Counter[str] = field(default_factory=Counter)
    marks: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)
    ignored: dict[str, list[str]] = field(default_factory=dict)
    """The `ignore_changes` of each resource that has any."""

    def up(
        self, program: dict[str, Props], crash: Crash | None = None, targets: set[str] | None = None
    ) -> bool:
        """Return whether the run succeeded; a crash meets the first creates. `targets` are all by default."""
        earlier = self._earlier_runs()
        self._cut_off: list[str] = []
        targeted = {name: props for name, props in program.items() if targets is None or name in targets}
        try:
            outcomes = [self._step(name, props, earlier, crash) for name, props in targeted.items()]
        except CrashedError:
            outcomes = [False]
        if crash and self._cut_off:
            self._leave_trace(crash, may_note=targets is None)
        if not all(outcomes) or targets is not None:
            return all(outcomes)
        for name in [name for name in self.state if name not in program]:
            self.to_delete.append(self.state.pop(name))
        self.to_delete = [each for each in self.to_delete if not self._call("delete", each.id, each.outs)]
        return not self.to_delete

    def _leave_trace(self, crash: Crash, *, may_note: bool) -> None:
        if crash.victim == "plugin" and may_note and not crash.is_busy:
            self.marks.update(self._cut_off)
        else:
            # The engine is ended, by the program or by whoever killed it: its pending operations stay.
            self.pending.update(map(urn, self._cut_off))

    def refresh(self) -> None:
        for name, resource in list(self.state.items()):
            for read in self._call("read", resource.id, resource.outs):
                if not read.id:
                    del self.state[name]
                    continue
                inputs = resource.inputs if read.inputs is None else read.inputs
                self.state[name] = Resource(read.id, inputs, read.outs)

    def tracked(self) -> list[str]:
        return [each.id for each in (*self.state.values(), *self.to_delete) if not is_unresolved(each.id)]

    def has_trace(self, name: str) -> bool:
        """Whether the state says that a create of this name may have landed."""
        unresolved = name in self.state and is_unresolved(self.state[name].id)
        return unresolved or bool(self.pending[urn(name)]) or name in self.marks

    def forget(self, name: str) -> None:
        """`pulumi refresh --clear-pending-creates` and `pulumi state delete` of the mark."""
        del self.pending[urn(name)]
        self.marks.discard(name)

    def _step(self, name: str, props: Props, earlier: EarlierRuns, crash: Crash | None) -> bool:
        old = self.state.get(name)
        inputs = self._check(old.inputs if old else {}, self._with_ignored(name, props))
        if inputs is None:
            return False
        if old is None:
            return self._create(name, inputs, earlier, crash)
        [diff] = self._call("diff", old.id, old.outs, inputs, ignored=self.ignored.get(name, []))
        if diff.replaces:
            # As the engine does: without the old inputs.
            inputs = self._check({}, props)
            return inputs is not None and self._replace(name, old, inputs, earlier, crash)
        if diff.changes:
            ignored = self.ignored.get(name, [])
            updated = self._call("update", old.id, old.outs, inputs, ignored=ignored)
            if not updated:
                return False
            self.state[name] = Resource(old.id, inputs, updated[0].outs)
        else:
            self.state[name] = Resource(old.id, inputs, old.outs)
        return self._finished(name)

    def _check(self, olds: Props, news: Props) -> Props | None:
        [checked] = self._call("check", olds, dict(news))
        self.shown += [failure.reason for failure in checked.failures]
        return None if checked.failures else dict(checked.inputs)

    def _with_ignored(self, name: str, props: Props) -> Props:
        if name not in self.state:
            return props
        olds = self.state[name].inputs
        if "*" in self.ignored.get(name, []):
            return olds
        return props | {member: olds[member] for member in self.ignored.get(name, []) if member in olds}

    def _replace(
        self, name: str, old: Resource, inputs: Props, earlier: EarlierRuns, crash: Crash | None
    ) -> bool:
        del self.state[name]
        try:
            created = self._create(name, inputs, earlier, crash)
        finally:
            if name in self.state:
                self.to_delete.append(old)
            else:
                self.state[name] = old
        return created

    def _create(self, name: str, inputs: Props, earlier: EarlierRuns, crash: Crash | None) -> bool:
        refused = find_refusal(urn(name), inputs, earlier)
        if refused:
            self.shown.append(refused)
            return False
        created = self._call("create", inputs)
        if crash:
            self._cut_off.append(name)
            if len(self._cut_off) == crash.creates:
                raise CrashedError
            return False
        if not created:
            return False
        self.state[name] = Resource(created[0].id, inputs, created[0].outs)
        self.marks.discard(name)
        return self._finished(name)

    def _finished(self, name: str) -> bool:
        unfinished = self.state[name].outs.get("unfinished")
        self.shown.append(str(unfinished))
        return not unfinished

    def _call(self, method: str, *args: Any, ignored: list[str] | None = None) -> list[Any]:
        """Return the result alone in a list, or an empty one after an error, which is shown."""
        said = io.StringIO()
        try:
            with redirect_stderr(said):
                return [call(getattr(self.provider, method), *args, ignored=ignored or [])]
        except Exception as error:  # noqa: BLE001 (whatever it is, an engine shows it)
            self.shown.append(str(error))
            self.errors.append(error)
            assert BUG not in str(error)
            return []
        finally:
            self.shown.append(said.getvalue())

    def _earlier_runs(self) -> EarlierRuns:
        return EarlierRuns(
            pending=Counter(self.pending),
            noted=dict.fromkeys(map(urn, self.marks)),
            journal="urn of the journal",
            managed={resource.id: urn(name) for name, resource in self.state.items()},
            ids={urn(name): resource.id for name, resource in self.state.items()},
            unfinished={},
            with_own=False,
        )


def urn(name: str) -> str:
    return f"urn:pulumi:dev::rootfi::pulumi-python:dynamic/rootfi:RootFiIntegration::{name}"
