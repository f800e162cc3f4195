"""Plays a cell of the fault matrix: what leads to the operation, the operation in its fault, the recovery."""

import os
from dataclasses import dataclass, field
from typing import Any

from pulumi.dynamic import Config, ConfigureRequest

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from rootfi_pulumi.state import is_unresolved
from tests.support.contract.engine import Engine, Props
from tests.support.faults.clock import Weather
from tests.support.faults.matrix import Cell
from tests.support.faults.row import AGAIN, ID, SECRET, TIMEOUT

NAME = "xero"
ANOTHER_SECRET = "another/secret+of+rootfi"
VARIABLE = "SECRET_OF_A_PLAYED_CELL"


@dataclass
class PlayedCell:
    """A stack of one integration, from its beginning to the end of its recovery."""

    cell: Cell
    emulator: Emulator
    key: str = field(init=False)
    clock: Weather = field(default_factory=Weather)
    engine: Engine = field(init=False)
    program: dict[str, Props] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    """The methods of the requests since the fault."""

    def __post_init__(self) -> None:
        self.key = self.emulator.add_organisation("key/of+rootfi")
        config = {
            "rootfi:apiKey": self.key,
            "rootfi:baseUrl": self.emulator.url,
            "rootfi:timeoutSeconds": str(TIMEOUT),
        }
        provider = RootFiIntegrationProvider(self.clock)
        provider.configure(ConfigureRequest(Config(config, "any")))
        self.engine = Engine(provider)

    def prepare(self) -> None:
        """Bring the stack to where the operation begins."""
        match self.cell.operation:
            case "create":
                self.declare(is_disabled=True)
            case "read":
                self.declare()
                self.run()
            case "update":
                self.declare()
                self.run()
                self.declare(client_id="second")
            case "delete":
                os.environ[VARIABLE] = SECRET
                self.declare(client_secret={"from_env": VARIABLE, "digest": ""})
                self.run()
                os.environ[VARIABLE] = ANOTHER_SECRET
                self.program.clear()
            case "adopt":
                self.declare(adopt=self.by_hand(ANOTHER_SECRET))
        if self.cell.begin == "second" and not self.is_one_run:
            self.act()
            self.declare(client_id="third")
        assert self.engine.errors == []

    @property
    def is_one_run(self) -> bool:
        """Whether both requests are of one run."""
        return self.cell.operation in ("create", "delete")

    def by_hand(self, client_secret: str) -> float:
        """Make one in RootFi and return its id, as Pulumi has it."""
        made = self.emulator.add_integration(
            self.key, integration_type="XERO", client_id="first", client_secret=client_secret
        )
        return float(made.rootfi_id)

    def act_in_fault(self) -> None:
        """Play the operation while the fault lasts."""
        skip = int(self.is_one_run and self.cell.begin == "second")
        fault = Fault(**{"times": None, **self.cell.row.fault}, skip=skip)
        self.emulator.forget_requests()
        self.emulator.inject(fault)
        self.engine.shown.clear()
        with self.clock.of(fault, self.emulator):
            self.act()
        self.calls = [request.method for request in self.emulator.requests]
        self.emulator.clear_faults()
        if self.cell.expected == "gone":
            # Let it be true what was answered.
            self.emulator.remove(ID)

    def act(self) -> None:
        """Run what asks for the operation."""
        if self.cell.operation == "read":
            self.engine.refresh()
        else:
            self.run()

    def run(self) -> None:
        """`pulumi up`."""
        self.engine.up(self.program)

    def declare(self, **members: Any) -> None:
        """Change the declaration."""
        declared: Props = self.program.setdefault(
            NAME,
            {
                "integration_type": "XERO",
                "client_id": "first",
                "client_secret": SECRET,
                "is_rootfi_identity": False,
                "is_disabled": False,
            },
        )
        self.program[NAME] = declared | members

    @property
    def became(self) -> str:
        """Return the outcome of the operation, in the words of the page."""
        again = AGAIN if self.calls.count(self.cell.method) > 1 else ""
        if self.engine.errors:
            return f"error{again}"
        if self.unfinished:
            return f"unfinished{again}"
        if self.cell.operation == "read" and NAME not in self.engine.state:
            return f"gone{again}"
        if "no longer exists" in "".join(self.engine.shown):
            return f"gone{again}"
        return f"done{again}"

    @property
    def unfinished(self) -> str | None:
        """The output of this name."""
        resource = self.engine.state.get(NAME)
        return resource.outs.get("unfinished") if resource else None

    @property
    def untracked(self) -> list[int]:
        """The live integrations that neither the state holds nor the declaration names."""
        known = {*self.engine.tracked(), *(str(int(each.get("adopt", 0))) for each in self.program.values())}
        live = [each for each in self.emulator.integrations(self.key) if not each.is_disabled]
        return [each.rootfi_id for each in live if str(each.rootfi_id) not in known]

    def recover(self) -> None:
        """Do what docs/recovery.md says for this case."""
        self.engine.errors.clear()
        # By then, who was asked to wait has waited.
        self.clock.sleep(4000)
        if self.unfinished and is_unresolved(self.engine.state[NAME].id):
            if self.emulator.integrations(self.key):
                self.declare(adopt=float(ID))
            else:
                # `pulumi up --replace`
                del self.engine.state[NAME]
        if self.cell.operation == "read":
            self.engine.refresh()
        # The second sets what differs in one that was adopted.
        self.run()
        self.run()
