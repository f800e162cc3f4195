"""The workflow that publishes a release, checked without running it.

test_workflows.py checks what all workflows have in common.
"""

import re
from typing import Any

import pytest

from tests.support.distribution import workflow
from tests.support.distribution.workflow import WORKFLOWS

READ = {"contents": "read"}
RIGHTS = {
    "test": READ,
    "build": READ,
    "publish": {"id-token": "write", "attestations": "write"},
    "release": {"contents": "write"},
}
JOBS = workflow.read("release")["jobs"]


def actions(job: dict[str, Any]) -> list[str]:
    return [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]


def lines(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def test_a_tag_of_a_version_starts_a_release() -> None:
    assert workflow.read("release")["on"] == {"push": {"tags": ["v*"]}}


def test_release_is_tested_built_published_in_this_order() -> None:
    assert [(name, job.get("needs")) for name, job in JOBS.items()] == [
        ("test", None),
        ("build", "test"),
        ("publish", "build"),
        ("release", "publish"),
    ]
    assert (lines(JOBS["test"]), lines(JOBS["build"])) == ([".ci/run"], ["make release-check"])


@pytest.mark.parametrize("name", RIGHTS)
def test_a_job_of_a_release_has_the_rights_it_needs(name: str) -> None:
    assert workflow.read("release")["permissions"] == {}
    assert JOBS[name]["permissions"] == RIGHTS[name]
    assert JOBS[name]["timeout-minutes"] <= 90


@pytest.mark.parametrize("name", ["publish", "release"])
def test_a_job_that_may_publish_runs_no_code_from_here(name: str) -> None:
    assert "actions/checkout" not in actions(JOBS[name])
    assert [line.split()[0] for line in lines(JOBS[name])] == ([] if name == "publish" else ["gh"])


def test_publishing_waits_for_the_environment_and_a_signature() -> None:
    assert JOBS["publish"]["environment"] == "pypi"
    assert actions(JOBS["publish"])[-2:] == ["actions/attest-build-provenance", "pypa/gh-action-pypi-publish"]
    attested, published = (step["with"] for step in JOBS["publish"]["steps"][-2:])
    assert attested["subject-path"].split() == ["dist/packages/*", "dist/*.cdx.json"]
    assert published == {"packages-dir": "dist/packages/"}


def test_only_the_release_gets_a_token() -> None:
    text = (WORKFLOWS / "release.yml").read_text()
    assert "secrets." not in text
    assert text.count("github.token") == 1
    assert "GH_TOKEN" in JOBS["release"]["steps"][-1]["env"]


def test_each_file_that_a_release_publishes_was_checked() -> None:
    """The names are those of `tools.release`, which tests/e2e/test_release_check.py runs."""
    [line] = lines(JOBS["release"])
    assert re.findall(r"dist/\S+", line) == ["dist/notes.md", "dist/packages/*", "dist/*.cdx.json"]
    checked = JOBS["build"]["steps"][-2:]
    assert checked[0]["env"] == {"RELEASE": "${{ github.ref_name }}"}
    assert checked[1]["with"] == {"name": "dist", "path": "dist/", "if-no-files-found": "error"}
