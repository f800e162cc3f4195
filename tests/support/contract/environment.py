"""An environment at RootFi for random histories: what a user declares in it, and what happens at RootFi."""

import os
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)
from pulumi.dynamic import Config, ConfigureRequest

from rootfi_pulumi.api.masks import is_mask
from rootfi_pulumi.emulator import Emulator, Fault, Settings
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from tests.support.contract.engine import Engine, Props
from tests.support.fake_clock import FakeClock

NAMES = st.sampled_from(["a", "b", "c"])
TYPES = st.sampled_from(["XERO", "WAVE", "TALLY"])
SECRETS = st.sampled_from(["plain", "masked", "null", "omitted"])
# Half of them are recognised by their text.
MASKS = st.sampled_from(["********", "[REDACTED]", "xx", "sk_live_…4f2a", "4f2a", "hidden"]) | st.text(
    max_size=12
)
FAULTS: list[dict[str, Any]] = [
    {"hang_up": "before"},
    {"hang_up": "after"},
    *({"status": status} for status in (400, 401, 409, 429, 500, 503, 504)),
    {"status": 404, "shape": "html"},
    # Longer than anybody waits.
    {"status": 503, "times": 100},
    {"hang_up": "before", "times": 100},
    {"status": 500, "processed": True, "echo": True},
    {"status": 400, "echo": True, "shape": "text"},
    {"body": "garbage"},
    {"body": "garbage", "processed": True},
    {"body": '{"data": {}}', "processed": True},
]


class Environment(RuleBasedStateMachine):
    """One organisation and one stack, whose declaration, variables and RootFi change at random.

    A subclass gives the emulator, and the rules that run the stack.
    """

    emulator: Emulator

    @initialize(masks=st.lists(MASKS, min_size=1, max_size=3))
    def begin(self, masks: list[str]) -> None:
        self.emulator.clear_faults()
        self.emulator.forget_requests()
        self.masks = masks
        # Who has shown secrets in clear, and goes over to what no rule recognises, would be believed.
        self.shows_clear = all(map(is_mask, masks))
        self.show_secrets("plain", masks[0])
        self.key = self.emulator.add_organisation()
        provider = RootFiIntegrationProvider(FakeClock())
        config = {"rootfi:apiKey": self.key, "rootfi:baseUrl": self.emulator.url}
        provider.configure(ConfigureRequest(Config(config, "any")))
        self.engine = Engine(provider)
        self.program: dict[str, Props] = {}
        self.secrets = [self.key]
        self.outside: set[str] = set()
        self.lost: dict[str, set[str]] = {}

    def new_secret(self, name: str) -> str:
        secret = f"secret/{name}+{len(self.secrets)}"
        self.secrets.append(secret)
        os.environ[f"SECRET_OF_{name}"] = secret
        return secret

    def on_server(self) -> dict[str, Any]:
        return {str(made.rootfi_id): made for made in self.emulator.integrations(self.key)}

    # What a user declares.

    @rule(name=NAMES, integration_type=TYPES, is_disabled=st.booleans(), stored=st.booleans())
    def declare(self, name: str, integration_type: str, is_disabled: bool, stored: bool) -> None:
        secret = self.new_secret(name)
        self.program[name] = {
            "integration_type": integration_type,
            "client_id": f"client-{len(self.secrets)}",
            "client_secret": secret if stored else {"from_env": f"SECRET_OF_{name}", "digest": ""},
            "is_rootfi_identity": False,
            "is_disabled": is_disabled,
        }

    @rule(name=NAMES, change=st.sampled_from(["client_id", "is_disabled", "integration_type", "way"]))
    def change(self, name: str, change: str) -> None:
        props = self.program.get(name)
        if props is None:
            return
        if change == "client_id":
            props["client_id"] += "x"
        elif change == "is_disabled":
            props["is_disabled"] = not props["is_disabled"]
        elif change == "integration_type":
            # An adopted one has the type that it has; another type is another integration.
            props.pop("adopt", None)
            props["integration_type"] = "WAVE" if props["integration_type"] == "XERO" else "XERO"
        elif isinstance(props["client_secret"], str):
            props["client_secret"] = {"from_env": f"SECRET_OF_{name}", "digest": ""}
        else:
            props["client_secret"] = os.environ.get(f"SECRET_OF_{name}") or self.new_secret(name)

    @rule(name=NAMES)
    def rotate(self, name: str) -> None:
        if name in self.program:
            secret = self.new_secret(name)
            if isinstance(self.program[name]["client_secret"], str):
                self.program[name]["client_secret"] = secret

    @rule(name=NAMES, ignored=st.sampled_from([[], ["client_secret"], ["client_secret", "client_id"], ["*"]]))
    def ignore_changes(self, name: str, ignored: list[str]) -> None:
        self.engine.ignored[name] = ignored

    @rule(name=NAMES)
    def unset_variable(self, name: str) -> None:
        os.environ.pop(f"SECRET_OF_{name}", None)

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        # Who takes an interrupted create out of the program gives it up: docs/recovery.md says so.
        if not self.engine.has_trace(name):
            self.program.pop(name, None)

    @rule(name=NAMES)
    def take_adopt_out(self, name: str) -> None:
        if not self.engine.has_trace(name):
            self.program.get(name, {}).pop("adopt", None)

    @rule(name=NAMES)
    def adopt_one_made_by_hand(self, name: str) -> None:
        if name not in self.program or self.engine.has_trace(name):
            return
        props = self.program[name]
        by_hand = self.emulator.add_integration(
            self.key,
            integration_type=props["integration_type"],
            client_id="by-hand",
            client_secret=self.new_secret("by-hand"),
        )
        self.outside.add(str(by_hand.rootfi_id))
        props["adopt"] = float(by_hand.rootfi_id)

    # What happens at RootFi.

    @rule(fault=st.sampled_from(FAULTS), operation=st.sampled_from(["create", "read", "update", None]))
    def fault(self, fault: dict[str, Any], operation: Any) -> None:
        self.emulator.inject(Fault(operation=operation, **fault))

    @rule(data=st.data(), secrets=SECRETS)
    def change_display_of_secrets(self, data: st.DataObject, secrets: str) -> None:
        self.show_secrets(secrets, data.draw(st.sampled_from(self.masks)))

    def show_secrets(self, secrets: Any, mask: str) -> None:
        if secrets == "plain" and not self.shows_clear:
            secrets = "masked"
        self.emulator.settings = Settings(secrets=secrets, mask=mask)

    @rule(data=st.data(), what=st.sampled_from(["client_id", "client_secret", "is_disabled", "removed"]))
    def drift(self, data: st.DataObject, what: str) -> None:
        tracked = sorted(set(self.engine.tracked()) & set(self.on_server()))
        if not tracked:
            return
        rootfi_id = int(data.draw(st.sampled_from(tracked)))
        if what == "removed":
            self.emulator.remove(rootfi_id)
        elif what == "is_disabled":
            self.emulator.edit(rootfi_id, is_disabled=not self.emulator.integration(rootfi_id).is_disabled)
        else:
            changed: Any = {what: self.new_secret("drift")}
            self.emulator.edit(rootfi_id, **changed)
