"""The dynamic provider: maps the engine's operations to RootFi's three endpoints.

It runs in the plugin process, on several threads at once; the program only names it. Each preview loads what
this module imports at its top, so HTTP is imported with the first request.

See https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
"""

import contextlib
import functools
import os
import sys
import threading
from typing import TYPE_CHECKING

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from rootfi_pulumi.api.clock import CLOCK, Clock
from rootfi_pulumi.api.errors import NotFound, RootFiError
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.outcome import Outcome, classify
from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.members import CHANGED_IN_PLACE, INPUTS
from rootfi_pulumi.declaration.settings import SettingsError, resolve
from rootfi_pulumi.provider.boundary import IN_FLIGHT, ProviderError, operation
from rootfi_pulumi.provider.comparison import compare
from rootfi_pulumi.provider.create_permission import Permission
from rootfi_pulumi.provider.create_watch import CreateWatch
from rootfi_pulumi.provider.engine_watch import end_with_engine
from rootfi_pulumi.provider.foreign_404 import refuse_foreign_404
from rootfi_pulumi.provider.inputs import Props, complete_inputs
from rootfi_pulumi.provider.notices import (
    describe_adoption,
    describe_deletion,
    describe_forgotten,
    describe_switch,
    name_resource,
)
from rootfi_pulumi.provider.outputs import (
    TO_BE_DONE,
    merge_adoption,
    merge_read,
    merge_write,
    replace_secret,
)
from rootfi_pulumi.provider.phrases import CANNOT_ADOPT
from rootfi_pulumi.provider.sent_secret import find_kept_members, find_kept_secret, find_secret_for_delete
from rootfi_pulumi.provider.unfinished_create import describe_unfinished, make_unresolved
from rootfi_pulumi.sdk_internals.plugin_process import hide_tracebacks, is_plugin
from rootfi_pulumi.sdk_internals.thread_pool import widen
from rootfi_pulumi.state import (
    CLIENT_SECRET_VERSION,
    PROVIDER_NAME,
    UNFINISHED,
    is_unresolved,
)

if TYPE_CHECKING:
    from rootfi_pulumi.api.client import RootFiClient
    from rootfi_pulumi.api.settings import Settings

_WATCH = CreateWatch()
_PERMISSION = Permission()
# Characters of a type that RootFi shows; the longest documented one has 24.
_LONGEST_TYPE = 60
_INPUTS = tuple(member.name for member in INPUTS)


class RootFiIntegrationProvider(ResourceProvider):
    """Creates, compares, reads, changes and disables integrations of one RootFi organisation.

    Ids are `rootfi_id` as text, or `unresolved-…` after a create whose outcome is unknown.
    Errors: RootFiError for a failed call, ProviderError for what is refused before one.
    """

    def __init__(self, clock: Clock = CLOCK) -> None:
        super().__init__()
        self._settings: Settings | None = None
        self._client: RootFiClient | None = None
        self._problem: str | None = None
        self._redactor = Redactor()
        self._clock = clock
        self._lock = threading.Lock()

    def configure(self, req: ConfigureRequest) -> None:
        """Read the stack's `rootfi:` settings; `check` reports what is wrong with them."""
        if is_plugin():
            hide_tracebacks()
            end_with_engine(IN_FLIGHT, self._clock.stop)
        try:
            self._settings = resolve(req.config.get, provider=req.config.get(PROVIDER_NAME))
        except SettingsError as error:
            self._problem = str(error)

    @operation
    def check(self, olds: Props, news: Props) -> CheckResult:
        """Validate inputs, except what a preview does not know yet; digest a secret of the environment."""
        inputs, problems = complete_inputs(olds, news)
        if self._problem:
            problems.insert(0, self._problem)
        # Without a property: the engine would print the property's value.
        return CheckResult(inputs, [CheckFailure("", problem) for problem in problems])

    @operation
    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Compare the state with the declaration, without asking RootFi."""
        compared = compare(id_, olds, news)
        if compared.notice:
            self._say_of(news, compared.notice)
        return DiffResult(changes=compared.changes, replaces=compared.replaces)

    @operation
    def create(self, props: Props) -> CreateResult:
        """Adopt the integration that `adopt` names, or POST a new one.

        A POST whose outcome is unknown succeeds with a provisional id, so that the state remembers it.
        """
        refused = _PERMISSION.why_not(props) if is_plugin() else None
        if refused:
            raise ProviderError(refused)
        if props.get("adopt") is not None:
            return self._adopt(int(props["adopt"]), props)
        secret = self._secret(props["client_secret"])
        # With `ignore_changes`, a replacement may come with the digest of its predecessor's secret.
        props = replace_secret(props, secret)
        try:
            integration = self._post(props, secret)
        except RootFiError as error:
            if classify(error) is not Outcome.UNKNOWN:
                raise
            return CreateResult(*make_unresolved(props, error))
        self._say_of(props, f"created as {integration.rootfi_id}")
        outs = merge_write({**props, "is_disabled": False}, integration, secret)
        if props["is_disabled"]:
            outs = self._disable_created(props, outs, secret)
        return CreateResult(str(integration.rootfi_id), outs)

    @operation
    def read(self, id_: str, props: Props) -> ReadResult:
        """Return what RootFi has now, as outputs and as inputs, or an empty id if it is gone."""
        if is_unresolved(id_):
            unfinished = describe_unfinished(name_resource(props), id_, props[UNFINISHED])
            self._write(f"{unfinished}; `rootfi-pulumi doctor` lists the steps")
            return ReadResult(id_, props)
        self._hide(props["client_secret"])
        try:
            integration = self._api.get_integration(int(id_))
        except NotFound as error:
            refuse_foreign_404(error)
            return ReadResult("", {})
        live = integration.integration_type
        if live and live != props["integration_type"]:
            declared, shown = props["integration_type"], self._shown_type(live)
            self._say_of(props, f"{id_} is declared as {declared}, but RootFi shows {shown}")
        outs = merge_read(props, integration)
        return ReadResult(
            id_, outs, {name: outs[name] for name in (*_INPUTS, CLIENT_SECRET_VERSION) if name in outs}
        )

    @operation
    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """PUT the declaration, unless only the way that the secret is passed has changed.

        What `ignore_changes` keeps is sent as RootFi has it now: the state may be behind RootFi.
        """
        kept = find_kept_members(olds, news)
        news = news | {name: olds[name] for name in kept}
        self._hide(olds["client_secret"])
        self._hide(news["client_secret"])
        outs = {
            name: value
            for name, value in olds.items()
            if name not in (*_INPUTS, CLIENT_SECRET_VERSION, *TO_BE_DONE)
        } | news
        same = all(olds.get(name) == news[name] for name in CHANGED_IN_PLACE if name != "client_secret")
        secret = "" if "client_secret" in kept else self._secret(news["client_secret"])
        if same and (not secret or from_env.matches(olds.get("client_secret"), secret)):
            return UpdateResult(outs)
        if kept:
            live = self._api.get_integration(int(id_))
            secret = secret or self._hidden(find_kept_secret(outs, live))
            seen = merge_read(outs, live)
            outs |= {name: seen[name] for name in kept}
            outs[CLIENT_SECRET_VERSION] = (
                seen[CLIENT_SECRET_VERSION] if "client_secret" in kept else news[CLIENT_SECRET_VERSION]
            )
        outs = merge_write(outs, self._put(int(id_), outs, secret), secret)
        if switched := describe_switch(id_, olds, outs):
            self._say_of(outs, switched)
        return UpdateResult(outs)

    @operation
    def delete(self, id_: str, props: Props) -> None:
        """Disable the integration, since RootFi cannot delete; one that is gone is no error."""
        if is_unresolved(id_):
            self._say_of(props, describe_forgotten(id_))
            return
        try:
            say = functools.partial(self._say_of, props)
            secret = find_secret_for_delete(int(id_), props, self._api.get_integration, say)
            self._put(int(id_), {**props, "is_disabled": True}, self._hidden(secret))
        except NotFound as error:
            refuse_foreign_404(error)
            self._say_of(props, f"{id_} no longer exists")
        else:
            self._say_of(props, describe_deletion(id_))

    @property
    def _api(self) -> "RootFiClient":
        with self._lock:
            if self._client is None:
                self._client = self._connect()
        return self._client

    def _connect(self) -> "RootFiClient":
        if self._settings is None:
            raise ProviderError(self._problem or "the provider is not configured")
        # Imported here, since most runs change nothing and need no HTTP.
        from rootfi_pulumi.api.client import RootFiClient  # noqa: PLC0415
        from rootfi_pulumi.api.transport import Transport  # noqa: PLC0415

        # More calls at a time only after an answer, which shows how much of the rate limit is left.
        answered = functools.partial(widen, self._settings.concurrency)
        return RootFiClient(
            Transport(self._settings, self._redactor, say=self._say, answered=answered, clock=self._clock)
        )

    def _adopt(self, rootfi_id: int, props: Props) -> CreateResult:
        self._hide(props["client_secret"])
        try:
            integration = self._api.get_integration(rootfi_id)
        except NotFound as error:
            raise ProviderError(f"{CANNOT_ADOPT} {rootfi_id}: {error}") from None
        live = integration.integration_type
        if live and live != props["integration_type"]:
            raise ProviderError(
                f"{CANNOT_ADOPT} {rootfi_id}: it is of type {self._shown_type(live)}, "
                f"not {props['integration_type']}\n"
                "  Correct integration_type or the id, or remove `adopt` to create an integration."
            )
        outs = merge_adoption(props, integration)
        self._say_of(props, describe_adoption(integration, outs))
        return CreateResult(str(rootfi_id), outs)

    def _disable_created(self, props: Props, outs: Props, secret: str) -> Props:
        try:
            return merge_write({**outs, **props}, self._put(outs["rootfi_id"], props, secret), secret)
        except RootFiError as error:
            return {**outs, "is_disabled": False, UNFINISHED: str(error)}

    def _post(self, props: Props, secret: str) -> Integration:
        members = {name: props[name] for name in ("integration_type", "client_id", "is_rootfi_identity")}
        with _WATCH.create() if is_plugin() else contextlib.nullcontext():
            return self._api.create_integration(**members, client_secret=secret)

    def _put(self, rootfi_id: int, props: Props, secret: str) -> Integration:
        return self._api.update_integration(
            rootfi_id,
            client_id=props["client_id"],
            client_secret=secret,
            is_disabled=props["is_disabled"],
            is_rootfi_identity=props["is_rootfi_identity"],
        )

    def _secret(self, client_secret: object) -> str:
        return self._hidden(from_env.plain(client_secret))

    def _hidden(self, secret: str) -> str:
        self._redactor.add(secret)
        return secret

    def _say_of(self, props: Props, line: str) -> None:
        self._write(f"{name_resource(props)}: {line}")

    def _say(self, line: str) -> None:
        self._write(f"rootfi: {line}")

    def _write(self, line: str) -> None:
        # pulumi.log is not connected in the plugin; its stderr reaches the terminal at once. If the engine is
        # gone the line is lost, and what is under way must still be finished.
        with contextlib.suppress(OSError):
            # One write: the lines of several threads must not run into each other.
            sys.stderr.write(f"{self._redactor.redact(line)}\n")
            sys.stderr.flush()

    def _shown_type(self, integration_type: str) -> str:
        return excerpt(self._redactor.redact(integration_type), _LONGEST_TYPE)

    def _hide(self, client_secret: object) -> None:
        # RootFi may quote a secret even if this call does not send it.
        variable = from_env.variable(client_secret)
        self._redactor.add(os.environ.get(variable) if variable else str(client_secret))
