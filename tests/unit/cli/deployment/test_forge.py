"""What a step prints on each forge."""

import io
import re
from pathlib import Path

import pytest

from rootfi_pulumi.cli.deployment.forge import Forge, GitHub, GitLab, find_forge, workflow_command
from rootfi_pulumi.cli.deployment.log import Log

HOSTILE = "100%\r\n::add-mask::x"


def printed(environ: dict[str, str], *, is_foldable: bool) -> tuple[list[str], str]:
    """Return the lines of a section with a hostile line in it, and what a failure prints to standard error."""
    out, errors = io.StringIO(), io.StringIO()
    forge = find_forge(environ, Log(out), Log(errors))
    with forge.section("deploy of dev", is_foldable=is_foldable):
        out.write("::add-mask::dev\n")
    forge.print_failure("deploy of dev failed", "look")
    forge.add_summary("### deploy\n")
    return out.getvalue().split("\n")[:-1], errors.getvalue()


@pytest.mark.parametrize(
    ("environ", "forge"),
    [
        ({}, Forge),
        ({"GITHUB_ACTIONS": "true"}, GitHub),
        ({"GITHUB_ACTIONS": "false", "GITLAB_CI": "true"}, GitLab),
    ],
)
def test_forge_is_found_by_its_variable(environ: dict[str, str], forge: type) -> None:
    assert type(find_forge(environ, Log(io.StringIO()), Log(io.StringIO()))) is forge


def test_github_groups_lines_that_cannot_be_commands() -> None:
    lines, errors = printed({"GITHUB_ACTIONS": "true"}, is_foldable=True)
    [stop] = [line for line in lines if line.startswith("::stop-commands::")]
    token = stop.removeprefix("::stop-commands::")
    assert lines == [
        "::group::deploy of dev",
        stop,
        "::add-mask::dev",
        f"::{token}::",
        "::endgroup::",
        "::error title=deploy of dev failed::look",
    ]
    assert (re.fullmatch("[0-9a-f]{32}", token) is not None, errors) == (True, "")


def test_github_has_no_group_for_one_stack() -> None:
    lines, _ = printed({"GITHUB_ACTIONS": "true"}, is_foldable=False)
    assert (len(lines), "group" in "".join(lines)) == (4, False)


def test_github_resumes_commands_after_an_error() -> None:
    out = io.StringIO()
    forge = find_forge({"GITHUB_ACTIONS": "true"}, Log(out), Log(out))
    with pytest.raises(ValueError, match="x"), forge.section("deploy of dev", is_foldable=True):
        raise ValueError("x")
    assert out.getvalue().endswith("::\n::endgroup::\n")


def test_github_stops_commands_with_a_new_token_each_time() -> None:
    first, second = (printed({"GITHUB_ACTIONS": "true"}, is_foldable=False)[0][0] for _ in range(2))
    assert first != second


def test_github_summary_is_appended(tmp_path: Path) -> None:
    path = tmp_path / "summary.md"
    path.write_text("before\n")
    printed({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(path)}, is_foldable=False)
    assert path.read_text() == "before\n### deploy\n"


def test_github_summary_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    _, errors = printed({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path)}, is_foldable=False)
    assert errors == f"{tmp_path}: Is a directory: the step has no summary\n"


def test_gitlab_section_begins_and_ends_by_one_name() -> None:
    lines, errors = printed({"GITLAB_CI": "true"}, is_foldable=True)
    times = [re.sub(":[0-9]+:", ":0:", line) for line in lines]
    assert times == [
        "\x1b[0Ksection_start:0:deploy_of_dev\r\x1b[0Kdeploy of dev",
        "::add-mask::dev",
        "\x1b[0Ksection_end:0:deploy_of_dev\r\x1b[0K",
    ]
    assert errors == "deploy of dev failed: look\n"


def test_no_forge_gets_plain_lines() -> None:
    assert printed({}, is_foldable=True) == (["::add-mask::dev"], "deploy of dev failed: look\n")


def test_workflow_command_escapes_as_the_toolkit_does() -> None:
    command = workflow_command("error", HOSTILE, title=f"a,b:{HOSTILE}")
    assert command == ("::error title=a%2Cb%3A100%25%0D%0A%3A%3Aadd-mask%3A%3Ax::100%25%0D%0A::add-mask::x")


@pytest.mark.parametrize(
    ("environ", "printed_to"),
    [({}, "errors"), ({"GITLAB_CI": "true"}, "log"), ({"GITHUB_ACTIONS": "true"}, "log")],
)
def test_warning_is_printed_where_the_forge_shows_it(environ: dict[str, str], printed_to: str) -> None:
    files = {"log": io.StringIO(), "errors": io.StringIO()}
    find_forge(environ, Log(files["log"]), Log(files["errors"])).print_warning("prod", "look")
    is_command = "GITHUB_ACTIONS" in environ
    assert files.pop(printed_to).getvalue() == (
        "::warning title=prod::look\n" if is_command else "prod: look\n"
    )
    [other] = files.values()
    assert other.getvalue() == ""
