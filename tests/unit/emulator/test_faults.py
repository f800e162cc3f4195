"""Which requests a fault meets, and which faults are invalid."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from pydantic import ValidationError

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.emulator.faults import Faults, Target

Call = Callable[..., requests.Response]

CREATE = Target("create", "XERO", None)
READ = Target("read", "XERO", 1234)
ELSEWHERE = Target(None, None, None)


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.mark.parametrize(
    ("which", "target", "met"),
    [
        ({}, CREATE, True),
        ({}, ELSEWHERE, True),
        ({"operation": "create"}, CREATE, True),
        ({"operation": "create"}, READ, False),
        ({"operation": "create"}, ELSEWHERE, False),
        ({"integration_type": "XERO"}, READ, True),
        ({"integration_type": IntegrationType.XERO}, CREATE, True),
        ({"integration_type": "WAVE"}, CREATE, False),
        ({"integration_id": 1234}, READ, True),
        ({"integration_id": 1235}, READ, False),
        ({"integration_id": 1234}, CREATE, False),
        ({"operation": "read", "integration_type": "XERO", "integration_id": 1234}, READ, True),
        ({"operation": "read", "integration_type": "WAVE", "integration_id": 1234}, READ, False),
    ],
)
def test_a_fault_meets_the_requests_that_all_its_filters_match(
    faults: Faults, which: dict[str, Any], target: Target, met: Any
) -> None:
    faults.inject(Fault(status=500, **which))
    assert (faults.take(target) is not None) is met


@pytest.mark.parametrize(
    ("counts", "met"),
    [
        ({}, [True, False, False, False]),
        ({"times": 2}, [True, True, False, False]),
        ({"times": None}, [True, True, True, True]),
        ({"skip": 1}, [False, True, False, False]),
        ({"skip": 1, "times": 2}, [False, True, True, False]),
        ({"skip": 2, "times": None}, [False, False, True, True]),
    ],
)
def test_skip_and_times_count_matching_requests(faults: Faults, counts: dict[str, Any], met: Any) -> None:
    faults.inject(Fault(operation="create", status=500, **counts))
    taken = []
    for _ in range(4):
        faults.take(READ)
        taken.append(faults.take(CREATE) is not None)
    assert taken == met


def next_status(faults: Faults) -> int | None:
    """Return the status of the fault that the next create meets."""
    fault = faults.take(CREATE)
    assert fault
    return fault.status


def test_faults_are_met_in_the_order_of_their_injection(faults: Faults) -> None:
    for status in (500, 502):
        faults.inject(Fault(status=status))
    assert [next_status(faults) for _ in range(2)] == [500, 502]


def test_a_fault_that_skips_lets_the_next_one_look(faults: Faults) -> None:
    faults.inject(Fault(status=500, skip=1))
    faults.inject(Fault(status=502))
    assert [next_status(faults) for _ in range(2)] == [502, 500]


def test_cleared_faults_meet_nothing(faults: Faults) -> None:
    faults.inject(Fault(status=500, times=None))
    faults.clear()
    assert faults.take(CREATE) is None


@pytest.mark.parametrize(
    ("members", "complaint"),
    [
        ({"stat": 500}, "stat"),
        ({"operation": "delete"}, "operation"),
        ({"status": 101}, "status"),
        ({"status": 600}, "status"),
        ({"times": 0}, "times"),
        ({"skip": -1}, "skip"),
        ({"delay": -1}, "delay"),
        ({"shape": "v5", "status": 500}, "shape"),
        ({"hang_up": "during"}, "hang_up"),
        ({"hang_up": "after", "status": 500}, "remove status"),
        ({"hang_up": "before", "trickle": 1}, "remove trickle"),
        ({"hang_up": "after", "raw": b"x"}, "remove raw"),
        ({"raw": b"x", "status": 500}, "remove status"),
        ({"raw": b"x", "body": "x"}, "remove body"),
        ({"raw": b"x", "headers": {"a": "b"}}, "remove headers"),
        ({"raw": b""}, "raw"),
        ({"raw": b"x", "trickle": 1}, "remove trickle"),
        ({"hang_up": "before", "processed": True}, "contradict"),
        ({"status": 204, "body": "x"}, "204 has no body: remove body"),
        ({"status": 304, "trickle": 1}, "304 has no body: remove trickle"),
        ({"status": 204, "message": "x", "shape": "html"}, "204 has no body: remove message, shape"),
        ({"echo": True}, "set a status"),
        ({"message": "no"}, "set a status"),
        ({"shape": "html", "body": "x", "status": 500}, "no body"),
        ({"content_type": "text/html"}, "needs a body"),
        ({"processed": True}, "set a status, a body, raw or hold"),
        ({}, "no effect"),
        ({"operation": "create", "integration_type": "XERO", "skip": 1, "times": None}, "no effect"),
        ({"delay": 0, "hold": False, "hang_up": None, "headers": {}}, "no effect"),
        ({"headers": {"": "a"}}, "a name is letters"),
        ({"headers": {"X y": "a"}}, "a name is letters"),
        ({"headers": {"X": "a\nb"}}, "a value is one line"),
        ({"headers": {"X": " a"}}, "a value is one line"),
        ({"headers": {"X": "\N{RIGHTWARDS ARROW}"}}, "a value is one line"),
        ({"body": "x", "content_type": "\n"}, "a value is one line"),
        ({"headers": {"X-A": "a", "x-a": "b"}}, "x-a is given twice"),
        ({"headers": {"X": "\ud800"}}, "a value is one line"),
        ({"body": "\ud800"}, "not valid Unicode"),
        ({"body": "x", "content_type": "\ud800"}, "not valid Unicode"),
        ({"delay": float("inf")}, "delay"),
        ({"status": 500, "integration_id": 0}, "integration_id"),
        ({"status": 500, "integration_id": -1}, "integration_id"),
        ({"status": 500, "integration_type": "xero"}, "not one of RootFi's 17 types: did you mean XERO"),
        ({"status": 500, "integration_type": "ABC"}, "use one of ZOHO_BOOKS, .*QOYOD"),
        ({"status": 500, "integration_type": ""}, "use one of ZOHO_BOOKS"),
        ({"status": 500, "integration_type": "\ud800"}, "use one of ZOHO_BOOKS"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(members: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Fault(**members)


@pytest.mark.parametrize(
    "name",
    [
        "Connection",
        "Content-Length",
        "Keep-Alive",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ],
)
def test_headers_of_the_http_server_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match=f"the HTTP server writes {name.lower()}: use raw for that"):
        Fault(headers={name: "1"})


@pytest.mark.parametrize("integration_type", IntegrationType)
def test_a_fault_can_be_for_any_of_rootfis_types(integration_type: IntegrationType) -> None:
    assert Fault(status=500, integration_type=integration_type.value).integration_type == integration_type


@pytest.mark.parametrize("value", ["", "a", "a b", "2", "Mon, 01 Jan", "caf\xe9", "a\tb"])
def test_header_of_a_fault_reaches_the_client(emulator: Emulator, call: Call, value: str) -> None:
    emulator.inject(Fault(headers={"X-Other_1": value}))
    assert call("GET", "/integrations/1").headers["X-Other_1"] == value


def test_a_fault_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Fault(hold=True).status = 500


@pytest.mark.parametrize(
    "member",
    [
        {"message": "m-hushed", "status": 500},
        {"body": "b-hushed"},
        {"raw": b"b-hushed"},
        {"headers": {"a": "hushed"}},
    ],
)
def test_a_faults_repr_leaves_out_what_it_answers(member: dict[str, Any]) -> None:
    assert "hushed" not in repr(Fault(**member))


def test_a_refused_fault_does_not_repeat_what_it_would_answer() -> None:
    with pytest.raises(ValidationError) as raised:
        Fault(body="b-hushed", hang_up="before")
    assert "hushed" not in str(raised.value)
