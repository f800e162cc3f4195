"""Play the contract's questions against one RootFi, once, in an order in which each answer is unambiguous."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID, uuid4

from rootfi_pulumi.api.clock import Clock
from rootfi_pulumi.api.models import IntegrationType
from tools.live.access import Access
from tools.live.created import CleanUp, Created, Credentials
from tools.live.exchange import Exchange, Sender, StopError

# Seconds to wait before each GET after a POST, until one sees the integration.
WAITS = (0.0, 1.0, 2.0, 4.0)
_NO_SUCH_NUMBER = "2147483647"
_NO_SUCH_KEY = "not-a-key-of-any-organisation"
_BROKEN_JSON = f'{{"integration_type": "{IntegrationType.ROOTFI_SANDBOX}", "client_id": '.encode()


# What each step asks, as the progress shows it.
STEPS = {
    "post_disabled": "POST with is_disabled",
    "post": "POST",
    "get": "GET right after it",
    "second": "a second POST of the type",
    "put": "PUT",
    "missing": "PUT without client_secret",
    "without_identity": "PUT without is_rootfi_identity",
    "disable": "PUT that disables",
    "enable": "PUT that enables again",
    "bad_key": "GET with a bad key",
    "unknown_id": "GET of an unknown id",
    "bad_body": "POST of a body that is not JSON",
    "foreign_id": "GET of another organisation's id",
}


@dataclass
class Seen:
    """What a run saw: the exchange of each step that was played, and why the others were not.

    Both by the names in STEPS. "post" is the POST that created the integration, with or without
    `is_disabled`; "get" is the first GET that saw it.
    """

    steps: dict[str, Exchange] = field(default_factory=dict)
    unplayed: dict[str, str] = field(default_factory=dict)
    exchanges: list[Exchange] = field(default_factory=list)
    first: Credentials = field(default_factory=Credentials)
    second: Credentials = field(default_factory=Credentials)
    gets: list[tuple[float, Exchange]] = field(default_factory=list)
    """GETs right after the POST, each with the seconds since the first."""
    identity_was_set: bool = False
    stopped: str | None = None

    def why_not(self, step: str) -> str:
        """Return why a step was not played."""
        return self.unplayed.get(step) or self.stopped or "an earlier question had no answer"


class Play:
    """One run. Whatever ends it, `run()` returns what was seen and leaves disabled what it created."""

    def __init__(
        self,
        access: Access,
        sender: Sender,
        say: Callable[[str], None],
        *,
        clean_up_clock: Clock | None = None,
    ) -> None:
        self.seen = Seen()
        self.clean_up = CleanUp(sender, say)
        self._access = access
        self._sender = sender
        self._say = say
        # Another than the run's, which an interrupt stops.
        self._clean_up_clock = clean_up_clock or Clock()

    def run(self) -> Seen:
        """Ask every question that can be asked."""
        try:
            created = self._create()
            if created is not None:
                self._ask_with(created)
            self._ask_without(created)
        except StopError as stop:
            self.seen.stopped = str(stop)
            self._say(f"stopped: {stop}")
        finally:
            self.clean_up.disable_all(self._clean_up_clock)
            self.seen.exchanges = self._sender.exchanges
        return self.seen

    def _send(  # noqa: PLR0913 - the parts of a request, each by its name
        self,
        step: str,
        method: str,
        rootfi_id: str | None = None,
        body: object = None,
        *,
        key: str | None = None,
        enables: bool = False,
    ) -> Exchange:
        self.clean_up.keep_reserve(enables=enables)
        self._say(f"asking: {STEPS[step]}")
        exchange = self._sender.send(method, rootfi_id, body, key=key)
        self.seen.steps[step] = exchange
        return exchange

    def _post(self, step: str, credentials: Credentials, **members: object) -> Created | None:
        body = credentials.to_create(**members)
        exchange = self._send(step, "POST", body=body, enables=True)
        return self.clean_up.take(exchange, credentials)

    def _create(self) -> Created | None:
        first = self.seen.first
        created = self._post("post_disabled", first, is_rootfi_identity=False, is_disabled=True)
        exchange = self.seen.steps["post_disabled"]
        if exchange.is_refusal:
            created = self._post("post", first, is_rootfi_identity=False)
            exchange = self.seen.steps["post"]
        else:
            self.seen.steps["post"] = exchange
        if created is None:
            self._explain_no_integration(exchange)
        return created

    def _explain_no_integration(self, exchange: Exchange) -> None:
        if exchange.failure:
            raise StopError(f"POST /integrations had {exchange.failure}")
        if exchange.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise StopError(f"RootFi refuses the API key or its right to create: {exchange.status}")
        is_theirs = exchange.integration.get("client_id") not in (None, self.seen.first.client_id)
        if is_theirs or self.clean_up.overwritten:
            reason = "the organisation has a ROOTFI_SANDBOX integration of its own: use one without"
        elif exchange.is_success:
            reason = f"POST /integrations answered {exchange.status} without an id and client id"
        else:
            reason = (
                f"POST /integrations was refused with {exchange.status}: "
                "use an organisation without a ROOTFI_SANDBOX integration"
            )
        self._say(reason)
        self.seen.stopped = reason

    def _ask_with(self, created: Created) -> None:
        self._get_until_seen(created)
        self._post("second", self.seen.second, is_rootfi_identity=False)
        is_disabled = created.is_disabled is True
        if not self._put("put", created, is_disabled=is_disabled, is_rootfi_identity=True).is_success:
            self._put("put", created, is_disabled=is_disabled, is_rootfi_identity=False)
        else:
            self.seen.identity_was_set = True
        identity = self.seen.identity_was_set
        body = created.credentials.body(is_disabled=is_disabled, is_rootfi_identity=identity)
        del body["client_secret"]
        created.note(self._send("missing", "PUT", created.in_path, body))
        without = self._put("without_identity", created, is_disabled=True)
        if without.is_success:
            self.seen.steps["disable"] = without
        else:
            self._put("disable", created, is_disabled=True, is_rootfi_identity=False)
        if created.is_disabled:
            self._put("enable", created, is_disabled=False, is_rootfi_identity=False)
        else:
            self.seen.unplayed["enable"] = "a PUT with is_disabled true did not disable it"

    def _put(self, step: str, created: Created, **members: bool) -> Exchange:
        body, enables = created.credentials.body(**members), created.is_disabled is True
        exchange = self._send(step, "PUT", created.in_path, body, enables=enables)
        created.note(exchange)
        return exchange

    def _get_until_seen(self, created: Created) -> None:
        elapsed = 0.0
        for wait in WAITS:
            if wait:
                self._sender.sleep(wait)
            elapsed += wait
            exchange = self._send("get", "GET", created.in_path)
            self.seen.gets.append((elapsed, exchange))
            if exchange.is_success:
                return
        del self.seen.steps["get"]
        self.seen.unplayed["get"] = f"no GET saw the integration within {elapsed:.0f} s"

    def _ask_without(self, created: Created | None) -> None:
        in_path = created.in_path if created else _NO_SUCH_NUMBER
        self._send("bad_key", "GET", in_path, key=_NO_SUCH_KEY)
        self._send("unknown_id", "GET", _unknown_like(in_path))
        self._send("bad_body", "POST", body=_BROKEN_JSON)
        if self._access.other_id is not None:
            self._send("foreign_id", "GET", self._access.other_id)
        elif self._access.other_key is None:
            self.seen.unplayed["foreign_id"] = "no second organisation was named"
        elif created:
            self._send("foreign_id", "GET", in_path, key=self._access.other_key)


def _unknown_like(in_path: str) -> str:
    """Return an id of the same kind that no integration has."""
    try:
        UUID(in_path)
    except ValueError:
        return _NO_SUCH_NUMBER
    return str(uuid4())
