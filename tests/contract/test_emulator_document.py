"""Test the emulator against its OpenAPI document with schemathesis, over a real socket."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.long

NOTHING_READ = {("GET", 200), ("PUT", 200)}
NO_CONFLICT = {("POST", 409)}


@dataclass
class Verdict:
    """The output of schemathesis, and every (method, status) that it saw."""

    is_good: bool
    output: str
    met: set[tuple[str, int | None]]


@pytest.fixture
def ask(emulator: Emulator, api_key: str, tmp_path: Path) -> Any:
    """Run all checks of schemathesis, with the same requests each time."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{emulator.url}/_emulator/openapi.json"]
    always = ["--header", f"api_key:{api_key}", "--checks", "all", "--no-color", "--warnings", "off"]
    # No deadline for an example, because the machine may be busy.
    patient = ["--suppress-health-check", "too_slow", "--request-timeout", str(PATIENCE)]
    bounded = ["--generation-deterministic", "--max-examples", "10", *patient]

    def ask(*options: str) -> Verdict:
        done = subprocess.run(
            [*command, *always, *bounded, *options],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=5 * PATIENCE,
            check=False,
        )
        met = {(request.method, request.status) for request in emulator.requests}
        return Verdict(done.returncode == 0, done.stdout, met)

    return ask


@pytest.fixture
def documented(emulator: Emulator) -> set[tuple[str, int]]:
    """Every (method, status) of the document; no two endpoints share a method."""
    document = requests.get(f"{emulator.url}/_emulator/openapi.json", timeout=PATIENCE).json()
    return {
        (method.upper(), int(status))
        for operations in document["paths"].values()
        for method, operation in operations.items()
        for status in operation["responses"]
    }


@pytest.mark.parametrize(
    ("settings", "unmet"),
    [
        ({"second_post": "create", "secrets": "plain"}, NO_CONFLICT),
        ({"second_post": "create", "secrets": "omitted"}, NO_CONFLICT),
        ({"second_post": "existing", "secrets": "null"}, NO_CONFLICT),
        # The first requests create every type, so no later one creates an integration that a GET can find.
        ({"second_post": "conflict", "secrets": "masked"}, NOTHING_READ),
    ],
)
def test_the_emulator_answers_as_its_document_says(
    emulator: Emulator,
    ask: Any,
    documented: set[tuple[str, int]],
    settings: dict[str, str],
    unmet: set[tuple[str, int]],
) -> None:
    for name, value in settings.items():
        setattr(emulator, name, value)
    verdict = ask()
    assert verdict.is_good, verdict.output
    spent = {(method, 429) for method in ("POST", "GET", "PUT")}
    assert documented - unmet - spent <= verdict.met


def test_a_spent_rate_limit_is_answered_as_the_document_says(emulator: Emulator, ask: Any) -> None:
    emulator.rate_limit = RateLimit(requests=20, seconds=3600, retry_after="seconds")
    verdict = ask("--phases", "coverage")
    assert verdict.is_good, verdict.output
    assert {("POST", 429), ("GET", 429), ("PUT", 429)} <= verdict.met


@pytest.mark.parametrize(
    ("lie", "found_out"),
    [
        (Fault(status=418, times=None), ["Undocumented status code"]),
        (Fault(headers={"Content-Type": "text/html"}, times=None), ["Undocumented Content-Type"]),
        (
            Fault(body='{"data": {}}', headers={"X-RateLimit-Limit": "many"}, times=None),
            [
                "Response violates schema",
                "Response header does not conform to the schema",
                "Schema-violating request accepted",
                "API accepts requests without authentication",
            ],
        ),
    ],
)
def test_an_answer_that_the_document_does_not_have_is_found_out(
    emulator: Emulator, ask: Any, lie: Fault, found_out: list[str]
) -> None:
    emulator.inject(lie)
    verdict = ask("--phases", "coverage", "--include-method", "POST", "--no-shrink", "--max-failures", "5")
    assert [words for words in found_out if words not in verdict.output] == [], verdict.output
    assert not verdict.is_good
