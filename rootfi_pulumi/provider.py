"""The dynamic provider: what the engine asks, in terms of RootFi's three endpoints.

Runs in the plugin process, on several threads at once. Everything this module imports at its top is
loaded there, and in the program too, which only pickles a reference to the class; so HTTP is imported
when the plugin configures itself.

Rests on https://www.pulumi.com/docs/iac/concepts/providers/dynamic-providers/
"""

import functools
import os
import secrets
import sys
from collections.abc import Callable
from datetime import UTC, datetime
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
from pulumi.output import Unknown

from rootfi_pulumi import from_env
from rootfi_pulumi.api import settings, validation
from rootfi_pulumi.api.errors import NotFound, RootFiError
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.api.outcome import Outcome, outcome
from rootfi_pulumi.api.redaction import Redactor

if TYPE_CHECKING:
    from rootfi_pulumi.api.client import RootFiClient

Props = dict[str, Any]
Method = TypeVar("Method", bound=Callable[..., Any])

_UNRESOLVED = "unresolved-"
_PROBLEMS: dict[str, Callable[[object], str | None]] = {
    "integration_type": validation.integration_type_problem,
    "client_id": validation.credential_problem,
    "client_secret": validation.credential_problem,
    "is_rootfi_identity": validation.flag_problem,
    "is_disabled": validation.flag_problem,
    "adopt": validation.id_problem,
}
_CHANGED_IN_PLACE = ("client_id", "client_secret", "is_rootfi_identity", "is_disabled")


class ProviderError(Exception):
    """What the provider itself has to refuse; `str()` is one line with what to do next."""


def _one_line(method: Method) -> Method:
    # The SDK hands the user the whole traceback of what is raised here, with its causes.
    @functools.wraps(method)
    def wrapper(self: "RootFiIntegrationProvider", *args: Any) -> Any:
        try:
            return method(self, *args)
        except (RootFiError, ProviderError, from_env.NotInEnvironmentError) as error:
            raise error from None
        except Exception as error:  # noqa: BLE001 (the boundary to the engine)
            where = f"{method.__name__}: {type(error).__name__}"
            raise ProviderError(f"{where}: a fault of rootfi-pulumi; please report it") from None

    return wrapper  # type: ignore[return-value]


class RootFiIntegrationProvider(ResourceProvider):
    """Creates, compares, reads, changes and disables integrations of one RootFi organisation.

    Ids are `rootfi_id` as text, or `unresolved-…` after a create whose outcome is unknown.
    Errors: RootFiError for a failed call, ProviderError for what is refused before one.
    """

    # Readable in the state: `__reduce__` leaves nothing to hide.
    serialize_as_secret_always = False

    _client: "RootFiClient | None" = None
    _problem: str | None = None
    _redactor = Redactor()

    def __reduce__(self) -> tuple[type, tuple[()]]:
        """Pickle a reference to the class: it outlives changes of the code and holds no key."""
        return RootFiIntegrationProvider, ()

    def configure(self, req: ConfigureRequest) -> None:
        """Read `rootfi:apiKey` and `rootfi:baseUrl`; `check` reports what is wrong with them."""
        sys.tracebacklimit = 0
        from rootfi_pulumi.api.client import RootFiClient  # noqa: PLC0415 (the program never loads HTTP)
        from rootfi_pulumi.api.transport import Transport  # noqa: PLC0415

        self._redactor = Redactor()
        try:
            resolved = settings.resolve(req.config.get("rootfi:apiKey"), req.config.get("rootfi:baseUrl"))
        except settings.SettingsError as error:
            self._problem = str(error)
        else:
            self._client = RootFiClient(Transport(resolved, self._redactor))

    @_one_line
    def check(self, olds: Props, news: Props) -> CheckResult:
        """Validate inputs, passing what a preview does not know yet; digest a secret of the environment."""
        inputs = {"is_rootfi_identity": False, "is_disabled": False, **news}
        failures = [CheckFailure("", self._problem)] if self._problem else []
        for name, problem_of in _PROBLEMS.items():
            value = inputs.get(name)
            if isinstance(value, Unknown) or (name == "adopt" and value is None):
                continue
            variable = from_env.variable(value)
            problem = _variable_problem(variable) if variable else problem_of(value)
            if problem:
                # Without a property: the engine would print the property's value.
                failures.append(CheckFailure("", f"{name}: {problem}"))
            elif variable:
                inputs[name] = from_env.stored(variable, from_env.resolve(variable), olds.get(name))
        return CheckResult(inputs, failures)

    @_one_line
    def diff(self, id_: str, olds: Props, news: Props) -> DiffResult:
        """Compare state with declaration: another type, or another id to adopt, replaces."""
        if _is_unresolved(id_):
            # Nothing but an id can resolve it; the program keeps failing until one is given.
            adopted = ["adopt"] if news.get("adopt") is not None else []
            return DiffResult(changes=bool(adopted), replaces=adopted)
        replaces = (
            [] if olds.get("integration_type") == news.get("integration_type") else ["integration_type"]
        )
        if news.get("adopt") not in (None, olds.get("rootfi_id")):
            replaces.append("adopt")
        changed = any(olds.get(name) != news.get(name) for name in _CHANGED_IN_PLACE)
        return DiffResult(changes=changed or bool(replaces), replaces=replaces)

    @_one_line
    def create(self, props: Props) -> CreateResult:
        """Adopt the integration that `adopt` names, or POST a new one.

        A POST whose outcome is unknown succeeds with a provisional id, so that the state remembers it.
        """
        if props.get("adopt") is not None:
            return self._adopt(int(props["adopt"]), props)
        try:
            integration = self._api.create_integration(
                integration_type=props["integration_type"],
                client_id=props["client_id"],
                client_secret=self._secret(props["client_secret"]),
                is_rootfi_identity=props["is_rootfi_identity"],
            )
        except RootFiError as error:
            if outcome(error) is not Outcome.UNKNOWN:
                raise
            return _unresolved(props, error)
        _say(f"{props['integration_type']} integration created: id {integration.rootfi_id}")
        outs = _outputs({**props, "is_disabled": False}, integration)
        if props["is_disabled"]:
            outs = self._disable_created(props, outs)
        return CreateResult(str(integration.rootfi_id), outs)

    @_one_line
    def read(self, id_: str, props: Props) -> ReadResult:
        """Return what RootFi has now, as outputs and as inputs, or an empty id if it is gone."""
        if _is_unresolved(id_):
            _say(f"{props['integration_type']} integration {id_} is {props['unfinished']}")
            return ReadResult(id_, props)
        self._hide(props["client_secret"])
        try:
            integration = self._api.get_integration(int(id_))
        except NotFound:
            return ReadResult("", {})
        live = integration.integration_type
        if live and live != props["integration_type"]:
            _say(f"integration {id_} is declared as {props['integration_type']}, RootFi says {live}")
        outs = _outputs(props, integration)
        return ReadResult(id_, outs, {name: outs[name] for name in _PROBLEMS if name in outs})

    @_one_line
    def update(self, id_: str, olds: Props, news: Props) -> UpdateResult:
        """PUT the declaration, unless only the way that the secret is passed has changed."""
        secret = self._secret(news["client_secret"])
        self._hide(olds["client_secret"])
        outs = {name: value for name, value in olds.items() if name not in (*_PROBLEMS, "unfinished")} | news
        same = all(olds.get(name) == news[name] for name in _CHANGED_IN_PLACE if name != "client_secret")
        if same and from_env.matches(olds.get("client_secret"), secret):
            return UpdateResult(outs)
        return UpdateResult(_outputs(outs, self._put(int(id_), news, secret)))

    @_one_line
    def delete(self, id_: str, props: Props) -> None:
        """Disable the integration, since RootFi cannot delete; one that is gone is no error."""
        if _is_unresolved(id_):
            _say(f"{id_} is forgotten; if RootFi did create it, it is live and untracked")
            return
        try:
            self._put(int(id_), {**props, "is_disabled": True}, self._secret_for_delete(int(id_), props))
        except NotFound:
            _say(f"{props['integration_type']} integration {id_} no longer exists")
        else:
            _say(
                f"{props['integration_type']} integration {id_} is disabled and remains: RootFi cannot delete"
            )

    @property
    def _api(self) -> "RootFiClient":
        if self._client is None:
            raise ProviderError(self._problem or "the provider is not configured")
        return self._client

    def _adopt(self, rootfi_id: int, props: Props) -> CreateResult:
        try:
            integration = self._api.get_integration(rootfi_id)
        except NotFound as error:
            raise ProviderError(f"adopt: {error}") from None
        live = integration.integration_type
        if live and live != props["integration_type"]:
            raise ProviderError(
                f"adopt: integration {rootfi_id} is of type {live}, not {props['integration_type']}: "
                "correct integration_type or the id"
            )
        outs = _outputs(props, integration)
        differing = [name for name in _CHANGED_IN_PLACE if outs[name] != props[name]]
        then = (
            f"differs in {', '.join(differing)}: the next `pulumi up` changes that"
            if differing
            else "no change"
        )
        _say(f"{props['integration_type']} integration {rootfi_id} adopted, {then}")
        return CreateResult(str(rootfi_id), outs)

    def _disable_created(self, props: Props, outs: Props) -> Props:
        try:
            return _outputs(props, self._put(outs["rootfi_id"], props, self._secret(props["client_secret"])))
        except RootFiError as error:
            unfinished = f"created as {outs['rootfi_id']} but not disabled: {error}: run `pulumi up` again"
            return {**outs, "is_disabled": False, "unfinished": unfinished}

    def _put(self, rootfi_id: int, props: Props, secret: str) -> Integration:
        return self._api.update_integration(
            rootfi_id,
            client_id=props["client_id"],
            client_secret=secret,
            is_disabled=props["is_disabled"],
            is_rootfi_identity=props["is_rootfi_identity"],
        )

    def _secret(self, client_secret: object) -> str:
        secret = str(_plain(client_secret))
        self._redactor.add(secret)
        return secret

    def _hide(self, client_secret: object) -> None:
        # RootFi may quote a secret that this call does not send.
        variable = from_env.variable(client_secret)
        self._redactor.add(os.environ.get(variable) if variable else str(client_secret))

    def _secret_for_delete(self, rootfi_id: int, props: Props) -> str:
        try:
            return self._secret(props["client_secret"])
        except from_env.NotInEnvironmentError as error:
            live = self._api.get_integration(rootfi_id).client_secret
            if live is None:
                advice = "or keep the integration as it is with retain_on_delete"
                raise ProviderError(f"disabling integration {rootfi_id}: {error}, {advice}") from None
            return self._secret(live)


def _variable_problem(variable: str) -> str | None:
    try:
        problem = validation.credential_problem(from_env.resolve(variable))
    except from_env.NotInEnvironmentError as error:
        return str(error)
    return f"the value of environment variable {variable} {problem}" if problem else None


def _plain(value: object) -> object:
    variable = from_env.variable(value)
    return from_env.resolve(variable) if variable else value


def _outputs(known: Props, integration: Integration) -> Props:
    """What RootFi tells over what is known: a member that it masks or omits counts as unchanged."""
    outs = {name: value for name, value in known.items() if name != "unfinished"}
    told = (
        "client_id",
        "is_rootfi_identity",
        "is_disabled",
        "rootfi_created_at",
        "rootfi_updated_at",
        "metadata",
    )
    for name in told:
        if getattr(integration, name) is not None:
            outs[name] = getattr(integration, name)
    outs["rootfi_id"] = integration.rootfi_id
    secret = integration.client_secret
    variable = from_env.variable(known["client_secret"])
    if secret is not None and not from_env.matches(known["client_secret"], secret):
        outs["client_secret"] = (
            from_env.stored(variable, secret, known["client_secret"]) if variable else secret
        )
    return outs


def _unresolved(props: Props, error: RootFiError) -> CreateResult:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    unfinished = f"unfinished since {when}: {error}"
    return CreateResult(_UNRESOLVED + secrets.token_hex(6), {**props, "unfinished": unfinished})


def _is_unresolved(id_: str) -> bool:
    return id_.startswith(_UNRESOLVED)


def _say(line: str) -> None:
    # pulumi.log is not connected in the plugin; its stderr reaches the terminal at once.
    print(f"rootfi: {line}", file=sys.stderr, flush=True)  # noqa: T201
