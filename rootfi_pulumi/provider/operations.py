"""The dynamic provider: what the engine asks, in terms of RootFi's three endpoints.

Runs in the plugin process, on several threads at once; the program only names it. What this module imports at
its top is loaded for every preview, so HTTP is imported when RootFi is first asked.

Rests on https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
"""

import contextlib
import functools
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

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
from rootfi_pulumi.declaration.ignore_changes import named_members
from rootfi_pulumi.declaration.members import CHANGED_IN_PLACE, INPUTS
from rootfi_pulumi.declaration.settings import SettingsError, resolve
from rootfi_pulumi.provider.create_watch import CreateWatch
from rootfi_pulumi.provider.engine_watch import InFlight, end_with_engine
from rootfi_pulumi.provider.inputs import Props, inputs_and_problems
from rootfi_pulumi.provider.outputs import (
    TO_BE_DONE,
    certain_secret,
    outputs_after_adoption,
    outputs_after_read,
    outputs_after_write,
    with_secret,
)
from rootfi_pulumi.provider.permission import Permission
from rootfi_pulumi.provider.unresolved import unresolved
from rootfi_pulumi.sdk_internals.plugin_process import hide_tracebacks, is_plugin
from rootfi_pulumi.sdk_internals.sdk_call import ignored_paths
from rootfi_pulumi.sdk_internals.thread_pool import widen
from rootfi_pulumi.sdk_internals.unknown import is_unknown
from rootfi_pulumi.state import CLIENT_SECRET_VERSION, DIFFERS_IN, PROVIDER_NAME, URN, is_unresolved

if TYPE_CHECKING:
    from rootfi_pulumi.api.client import RootFiClient
    from rootfi_pulumi.api.settings import Settings

Method = TypeVar("Method", bound=Callable[..., Any])

_IN_FLIGHT = InFlight()
_WATCH = CreateWatch()
_PERMISSION = Permission()
# Of what RootFi tells; the longest of its own has 24 characters.
_LONGEST_TYPE = 60
_INPUTS = tuple(member.name for member in INPUTS)


class ProviderError(Exception):
    """What the provider itself has to refuse; `str()` is one line with what to do next."""


class UnexpectedError(Exception):
    """A fault of this package, told without any value; what RootFi did meanwhile is not known."""


def _operation(method: Method) -> Method:
    # The SDK hands the user the whole traceback of what is raised here, with its causes.
    @functools.wraps(method)
    def wrapper(self: "RootFiIntegrationProvider", *args: Any) -> Any:
        try:
            with _IN_FLIGHT.operation():
                return method(self, *args)
        except (RootFiError, ProviderError, from_env.NotInEnvironmentError) as error:
            raise error from None
        except Exception as error:  # noqa: BLE001 (the boundary to the engine)
            where = f"{method.__name__}: {type(error).__name__}"
            raise UnexpectedError(f"{where}: a fault of rootfi-pulumi; please report it") from None

    return wrapper  # type: ignore[return-value]


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
            end_with_engine(_IN_FLIGHT, self._clock.stop)
        try:
            self._settings = resolve(req.config.get, provider=req.config.get(PROVIDER_NAME))
        except SettingsError as error:
            self._problem = str(error)

    @_operation
    def check(self, olds: Props, news: Props) -> CheckResult:
        """Validate inputs, passing what a preview does not know yet; digest a secret of the environment."""
        inputs, problems = inputs_and_problems(olds, news)
        if self._problem:
            problems.insert(0, self._problem)
        # Without a property: the engine would print the property's value.
        return CheckResult(inputs, [CheckFailure("", problem) for problem in problems])

    @_operation
    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Compare state with declaration: another type, or another id to adopt, replaces.

        What `ignore_changes` names is no change, also where the state has another value than the old inputs.
        """
        if is_unresolved(id_):
            # Nothing but an id can resolve it; the program keeps failing until one is given.
            adopted = ["adopt"] if news.get("adopt") is not None else []
            return DiffResult(changes=bool(adopted), replaces=adopted)
        replaces = (
            [] if olds.get("integration_type") == news.get("integration_type") else ["integration_type"]
        )
        if news.get("adopt") not in (None, olds.get("rootfi_id")):
            replaces.append("adopt")
        ignored = named_members(CHANGED_IN_PLACE, ignored_paths())
        changed = bool(olds.get("unfinished")) or any(
            olds.get(name) != news.get(name) or name in olds.get(DIFFERS_IN, ())
            for name in CHANGED_IN_PLACE
            if name not in ignored
        )
        if replaces and not olds.get("is_disabled") and not is_unknown(news.get("adopt")):
            self._say_replacement(id_, olds, news)
        elif left := [name for name in olds.get(DIFFERS_IN, ()) if name not in ignored]:
            # The engine shows changes of inputs, which an adoption keeps as they are declared.
            self._say(f"{olds['integration_type']} integration {id_}: an update applies {', '.join(left)}")
        return DiffResult(changes=changed or bool(replaces), replaces=replaces)

    @_operation
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
        props = with_secret(props, secret)
        try:
            integration = self._post(props, secret)
        except RootFiError as error:
            if classify(error) is not Outcome.UNKNOWN:
                raise
            return unresolved(props, error)
        self._say(f"{props['integration_type']} integration created: id {integration.rootfi_id}")
        outs = outputs_after_write({**props, "is_disabled": False}, integration, secret)
        if props["is_disabled"]:
            outs = self._disable_created(props, outs)
        return CreateResult(str(integration.rootfi_id), outs)

    @_operation
    def read(self, id_: str, props: Props) -> ReadResult:
        """Return what RootFi has now, as outputs and as inputs, or an empty id if it is gone."""
        if is_unresolved(id_):
            told = props["unfinished"].replace(URN, "its URN, by `pulumi stack --show-urns`")
            self._say(f"{props['integration_type']} integration {id_} is unfinished {told}")
            return ReadResult(id_, props)
        self._hide(props["client_secret"])
        try:
            integration = self._api.get_integration(int(id_))
        except NotFound as error:
            _believe(error)
            return ReadResult("", {})
        live = integration.integration_type
        if live and live != props["integration_type"]:
            told = self._told(live)
            self._say(f"integration {id_} is declared as {props['integration_type']}, RootFi says {told}")
        outs = outputs_after_read(props, integration)
        return ReadResult(
            id_, outs, {name: outs[name] for name in (*_INPUTS, CLIENT_SECRET_VERSION) if name in outs}
        )

    @_operation
    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """PUT the declaration, unless only the way that the secret is passed has changed.

        What `ignore_changes` keeps is sent as RootFi has it now: the state may be behind RootFi.
        """
        kept = _kept(olds, news)
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
            secret = secret or self._shown_secret(outs, live)
            seen = outputs_after_read(outs, live)
            outs |= {name: seen[name] for name in kept}
            outs[CLIENT_SECRET_VERSION] = (
                seen[CLIENT_SECRET_VERSION] if "client_secret" in kept else news[CLIENT_SECRET_VERSION]
            )
        return UpdateResult(outputs_after_write(outs, self._put(int(id_), outs, secret), secret))

    @_operation
    def delete(self, id_: str, props: Props) -> None:
        """Disable the integration, since RootFi cannot delete; one that is gone is no error."""
        if is_unresolved(id_):
            self._say(f"{id_} is forgotten; if RootFi did create it, it is live and untracked")
            return
        try:
            self._put(int(id_), {**props, "is_disabled": True}, self._secret_for_delete(int(id_), props))
        except NotFound as error:
            _believe(error)
            self._say(f"{props['integration_type']} integration {id_} no longer exists")
        else:
            self._say(
                f"{props['integration_type']} integration {id_} is disabled and remains, since RootFi cannot "
                f"delete: declare `adopt: {id_}` to bring it back"
            )

    @property
    def _api(self) -> "RootFiClient":
        with self._lock:
            if self._client is None:
                self._client = self._connect()
        return self._client

    def _connect(self) -> "RootFiClient":
        if self._settings is None:
            raise ProviderError(self._problem or "the provider is not configured")
        # Not before something is asked: most runs change nothing, and neither previews nor the program ask.
        from rootfi_pulumi.api.client import RootFiClient  # noqa: PLC0415
        from rootfi_pulumi.api.transport import Transport  # noqa: PLC0415

        # Not before an answer: it tells how much of the rate limit is left for more at a time.
        answered = functools.partial(widen, self._settings.concurrency)
        return RootFiClient(
            Transport(self._settings, self._redactor, say=self._say, answered=answered, clock=self._clock)
        )

    def _adopt(self, rootfi_id: int, props: Props) -> CreateResult:
        self._hide(props["client_secret"])
        try:
            integration = self._api.get_integration(rootfi_id)
        except NotFound as error:
            raise ProviderError(f"adopt: {error}") from None
        live = integration.integration_type
        if live and live != props["integration_type"]:
            raise ProviderError(
                f"adopt: integration {rootfi_id} is of type {self._told(live)}, "
                f"not {props['integration_type']}: "
                "correct integration_type or the id, or take `adopt` out to create one"
            )
        outs = outputs_after_adoption(props, integration)
        said = []
        if DIFFERS_IN in outs:
            said.append(f"{', '.join(outs[DIFFERS_IN])} as at RootFi, not as declared")
        if integration.client_secret is None:
            said.append(
                "RootFi does not show its client_secret: the next `pulumi up` sends the declared one, unless "
                "ignore_changes names it"
            )
        then = "; ".join(said) or "nothing to change"
        self._say(f"{props['integration_type']} integration {rootfi_id} adopted; {then}")
        return CreateResult(str(rootfi_id), outs)

    def _disable_created(self, props: Props, outs: Props) -> Props:
        try:
            secret = self._secret(props["client_secret"])
            return outputs_after_write({**outs, **props}, self._put(outs["rootfi_id"], props, secret), secret)
        except RootFiError as error:
            unfinished = f"since it was created, as {outs['rootfi_id']}, and not disabled: {error}"
            return {**outs, "is_disabled": False, "unfinished": unfinished}

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
        secret = from_env.plain(client_secret)
        self._redactor.add(secret)
        return secret

    def _say(self, line: str) -> None:
        # pulumi.log is not connected in the plugin; its stderr reaches the terminal at once. With the
        # engine gone there is nobody to tell, and what is under way must still be finished.
        with contextlib.suppress(OSError):
            # One write: the lines of several threads must not run into each other.
            sys.stderr.write(f"rootfi: {self._redactor.redact(line)}\n")
            sys.stderr.flush()

    def _say_replacement(self, id_: str, olds: Props, news: Props) -> None:
        adopt = news.get("adopt")
        new = f"integration {int(adopt)}" if isinstance(adopt, int | float) else "another integration"
        self._say(
            f"{olds['integration_type']} integration {id_} is to be replaced by {new}, and then disabled, "
            "unless the resource has retain_on_delete"
        )

    def _told(self, integration_type: str) -> str:
        return excerpt(self._redactor.redact(integration_type), _LONGEST_TYPE)

    def _hide(self, client_secret: object) -> None:
        # RootFi may quote a secret that this call does not send.
        variable = from_env.variable(client_secret)
        self._redactor.add(os.environ.get(variable) if variable else str(client_secret))

    def _secret_for_delete(self, rootfi_id: int, props: Props) -> str:
        stored = props["client_secret"]
        if from_env.is_at_hand(stored):
            return self._secret(stored)
        live = certain_secret(props, self._api.get_integration(rootfi_id))
        if live:
            return self._secret(live)
        why = "its client_secret is not known before the next `pulumi up`"
        try:
            secret = self._secret(stored)
        except from_env.NotInEnvironmentError as error:
            secret, why = "", str(error)
        if not secret:
            advice = "or keep the integration as it is with retain_on_delete"
            raise ProviderError(f"disabling integration {rootfi_id}: {why}, {advice}")
        self._say(
            f"integration {rootfi_id}: RootFi shows no certain client_secret, so the value of "
            f"{from_env.variable(stored)} replaces it"
        )
        return secret

    def _shown_secret(self, known: Props, live: Integration) -> str:
        secret = certain_secret(known, live)
        if not secret:
            shows = "shows what may be a mask of" if live.client_secret else "does not show"
            raise ProviderError(
                f"updating integration {live.rootfi_id}: RootFi {shows} the client_secret that "
                "ignore_changes keeps, and an update must send one: take client_secret out of ignore_changes "
                "to send the declared one"
            )
        return self._secret(secret)


def _kept(olds: Props, news: Props) -> set[str]:
    kept = named_members(CHANGED_IN_PLACE, ignored_paths())
    if olds.get("unfinished"):
        # What create was asked to do and could not.
        kept.discard("is_disabled")
    if not from_env.is_at_hand(news["client_secret"]):
        # `check` let it pass, so the engine put it there for ignore_changes.
        kept.add("client_secret")
    return kept


def _believe(missing: NotFound) -> None:
    # A wrong address answers 404 as well: to forget an integration for that would be to create it twice.
    if not missing.documented:
        raise ProviderError(
            f"{missing.method} {missing.path}: 404, but not in RootFi's words, so not taken for gone: check "
            f"{missing.sources.base_url}; if RootFi has it no more, run `pulumi state delete` with its URN"
        )
