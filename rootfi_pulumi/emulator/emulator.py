"""The emulator as tests use it: in process."""

from types import TracebackType
from typing import Self, Unpack

from rootfi_pulumi.emulator import page_updates
from rootfi_pulumi.emulator.app import Application
from rootfi_pulumi.emulator.faults import Fault
from rootfi_pulumi.emulator.middleware import FaultMiddleware
from rootfi_pulumi.emulator.rate_limit import RateLimit
from rootfi_pulumi.emulator.recording import RecordedRequest
from rootfi_pulumi.emulator.server import ServerThread
from rootfi_pulumi.emulator.settings import MethodAnswers, SecondPost, SecretAnswers, Settings
from rootfi_pulumi.emulator.state import IntegrationChanges, Snapshot, State, StoredIntegration
from rootfi_pulumi.emulator.traffic import Traffic

__all__ = [
    "Emulator",
    "Fault",
    "MethodAnswers",
    "RateLimit",
    "RecordedRequest",
    "Settings",
    "Snapshot",
    "StoredIntegration",
]


class Emulator:
    """RootFi on 127.0.0.1, from `with Emulator() as emulator:` to the end of the block.

    `port` 0 takes a free one; entering raises `OSError` if the port cannot be had. `patience` is how many
    seconds `wait_for_requests` and `wait_until_held` wait unless they are given a timeout. All methods may be
    called from any thread, before, in and after the block: what is kept stays when the server ends, and the
    same emulator can be entered again, as a RootFi that was away for a while.
    """

    def __init__(self, *, port: int = 0, patience: float = 30) -> None:
        self._port = port
        self._patience = patience
        self._state = State()
        self._traffic = Traffic()
        self._server: ServerThread | None = None

    def __enter__(self) -> Self:
        """Start the server; it is ready on return. Raises `RuntimeError` if it runs already."""
        if self._server is not None:
            raise RuntimeError("the emulator runs already")
        app = FaultMiddleware(Application(self._state, self._traffic), self._state, self._traffic)
        self._server = ServerThread(app, self._port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """End the server at once, whatever it is doing."""
        if self._server is not None:
            self._server.stop()
            self._server = None
            self._traffic.forget_held()

    @property
    def url(self) -> str:
        """The base URL, such as "http://127.0.0.1:43210". Raises `RuntimeError` outside the block."""
        if self._server is None:
            raise RuntimeError("the emulator does not run")
        return self._server.url

    @property
    def settings(self) -> Settings:
        """Every assumption about RootFi, `secrets`, `second_post` and `rate_limit` among them.

        Setting it replaces all of them and begins all windows of the rate limit afresh.
        """
        return page_updates.current(self._state, self._traffic)

    @settings.setter
    def settings(self, value: Settings) -> None:
        self._state.settings = value
        self._traffic.rate_limits.limit = value.rate_limit

    @property
    def secrets(self) -> SecretAnswers:
        """How `client_secret` is answered: "plain" (default), "masked", "null" or "omitted"."""
        return self._state.secrets

    @secrets.setter
    def secrets(self, value: SecretAnswers) -> None:
        self._state.secrets = value

    @property
    def second_post(self) -> SecondPost:
        """What a second POST of a type in one organisation does.

        "create" (default): a second integration; "conflict": 409; "existing": 200 with the first, unchanged;
        "replace": 200 with the first, which has the new credentials.
        """
        return self._state.second_post

    @second_post.setter
    def second_post(self, value: SecondPost) -> None:
        self._state.second_post = value

    @property
    def rate_limit(self) -> RateLimit | None:
        """How many requests each organisation has; None (default): any number, and no `X-RateLimit-*`.

        Setting one begins all windows afresh.
        """
        return self._traffic.rate_limits.limit

    @rate_limit.setter
    def rate_limit(self, value: RateLimit | None) -> None:
        self._traffic.rate_limits.limit = value

    def add_organisation(self, api_key: str | None = None) -> str:
        """Make an organisation and return its API key, a random one if none is given.

        Raises `ValueError` for a key that is in use or that no HTTP header can carry.
        """
        return self._state.add_organisation(api_key).api_key

    def change_key(self, api_key: str, new: str) -> None:
        """Give an organisation another API key; its old one is refused from then on.

        Raises `LookupError` for an unknown key, `ValueError` for a new one that is in use or unusable.
        """
        self._state.change_key(self.organisation_id(api_key), new)

    def organisation_id(self, api_key: str) -> int:
        """Return the numeric id of a key's organisation; raises `LookupError` for an unknown key."""
        organisation = self._state.organisation(api_key)
        if organisation is None:
            raise LookupError("no organisation has this API key")
        return organisation.id

    def integrations(self, api_key: str) -> list[StoredIntegration]:
        """Return the integrations of a key's organisation by id; raises `LookupError` for an unknown key."""
        return self._state.integrations(self.organisation_id(api_key))

    def integration(self, integration_id: int) -> StoredIntegration:
        """Return one integration of any organisation; raises `LookupError` for an unknown id."""
        integration = self._state.find(integration_id)
        if integration is None:
            raise LookupError(f"no integration has the id {integration_id}")
        return integration

    def add_integration(  # noqa: PLR0913 - RootFi's own members
        self,
        api_key: str,
        *,
        integration_type: str,
        client_id: str,
        client_secret: str,
        is_disabled: bool = False,
        is_rootfi_identity: bool | None = False,
        rootfi_id: int | None = None,
    ) -> StoredIntegration:
        """Add an integration without a request, as someone in RootFi's dashboard would.

        `second_post` plays no part, and the type may be one that RootFi has yet to add. Without a
        `rootfi_id` it has the next one. Raises `LookupError` for an unknown key and
        `ValueError` for an id that is taken.
        """
        return self._state.add(
            self.organisation_id(api_key),
            rootfi_id,
            integration_type=integration_type,
            client_id=client_id,
            client_secret=client_secret,
            is_disabled=is_disabled,
            is_rootfi_identity=is_rootfi_identity,
        )

    def edit(self, integration_id: int, **changes: Unpack[IntegrationChanges]) -> StoredIntegration:
        """Change members without a request.

        Raises `LookupError` for an unknown id and `TypeError` for any other member.
        """
        return self._state.edit(integration_id, **changes)

    def remove(self, integration_id: int) -> None:
        """Remove an integration, as RootFi's support would; raises `LookupError` for an unknown id."""
        self._state.remove(integration_id)

    def snapshot(self) -> Snapshot:
        """Return organisations and integrations as they are, for `restore` of this or another emulator."""
        return self._state.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Replace organisations and integrations by those of a snapshot; faults, log and settings stay."""
        self._state.restore(snapshot)

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests but those to the control routes, in order of arrival."""
        return self._traffic.requests

    @property
    def calls(self) -> list[str]:
        """The same, each as "POST /integrations"."""
        return [f"{request.method} {request.path}" for request in self.requests]

    def forget_requests(self) -> None:
        """Empty the log of requests."""
        self._traffic.forget_requests()

    def wait_for_requests(self, count: int, timeout: float | None = None) -> None:
        """Block until the log holds so many requests.

        Raises `TimeoutError` after `timeout` seconds; None means the emulator's `patience`.
        """
        self._traffic.wait_for_requests(count, self._patience if timeout is None else timeout)

    def wait_until_held(self, count: int = 1, timeout: float | None = None) -> None:
        """Block until so many requests wait for `release()`.

        With `Fault(hold=True, processed=True)` they have taken effect by then. Raises `TimeoutError` after
        `timeout` seconds; None means the emulator's `patience`.
        """
        self._traffic.wait_until_held(count, self._patience if timeout is None else timeout)

    def inject(self, fault: Fault) -> None:
        """Let a fault wait for its request, behind those that wait already."""
        self._traffic.faults.inject(fault)

    def clear_faults(self) -> None:
        """Drop the faults that still wait; requests that one has met are not affected."""
        self._traffic.faults.clear()

    def release(self) -> None:
        """Let go all requests that are held now, or will be because of a fault that has met them."""
        self._traffic.release()

    def reset(self) -> None:
        """Begin afresh: organisations, their keys, integrations, faults, log and settings all go.

        Held requests are let go, and ids begin at their first again. The server and its address stay.
        """
        self._state.reset()
        self._traffic.reset()
