"""What doctor shows, in a pipe and on a terminal."""

import io

from rich.console import Console

from rootfi_pulumi.cli.doctor.finding import Finding, Subject, not_checked, note, ok, problem, steps
from rootfi_pulumi.cli.doctor.presentation import show, summarise

ENTER = "enter its value; your input is hidden"
FINDINGS = [
    problem(Subject.VARIABLES, "A is not set", ENTER, "read -rs A && export A"),
    ok(Subject.CLI, "v3.274.1"),
    note(Subject.OTHER_STACKS, "the keys differ"),
    problem(Subject.STACK_FILES, "stacks/Pulumi.dev.yaml:3: must be text", "correct the line"),
    not_checked(Subject.KEY, "RootFi did not answer"),
    problem(Subject.STACK_FILES, "stacks/Pulumi.dev.yaml:9: must not be empty", "correct the line"),
    problem(Subject.VARIABLES, "B is not set", ENTER, "read -rs B && export B"),
]
IN_PIPE = """\
ok           Pulumi CLI: v3.274.1
note         other stacks: the keys differ
not checked  API key: RootFi did not answer
problem      variables: A is not set
problem      variables: B is not set
             enter its value; your input is hidden:
             $ read -rs A && export A
             $ read -rs B && export B
problem      stack files: stacks/Pulumi.dev.yaml:3: must be text
problem      stack files: stacks/Pulumi.dev.yaml:9: must not be empty
             correct the line
"""


def shown(findings: list[Finding], width: int | None = None) -> str:
    """Return what a pipe gets or, with a width, a terminal without colours."""
    file = io.StringIO()
    show(findings, Console(file=file, width=width, force_terminal=width is not None, color_system=None))
    return file.getvalue()


def test_pipe_has_problems_last_and_shared_remedies_once() -> None:
    assert shown(FINDINGS) == IN_PIPE


def test_pipe_has_one_line_for_each_message() -> None:
    assert shown([ok(Subject.CLI, "word " * 100)]).count("\n") == 1


def test_terminal_ends_with_the_count() -> None:
    assert shown(FINDINGS, 100).splitlines()[-2:] == ["", "4 problems, 1 not checked, 1 note, 1 ok"]


def test_terminal_ends_with_success() -> None:
    fine = [ok(Subject.CLI, "v3"), ok(Subject.SDK, "v3"), note(Subject.OTHER_STACKS, "x")]
    assert shown(fine, 100).splitlines()[-1] == "Ready for `pulumi up`: 1 note, 2 ok"


def test_count_is_red_only_with_a_problem() -> None:
    assert summarise(FINDINGS).style == "bold red"
    assert summarise(FINDINGS[4:5]).style == "bold magenta"
    assert summarise(FINDINGS[1:3]).style == "green"


def test_terminal_wraps_with_a_hanging_indent() -> None:
    remedy = steps("If RootFi has it, adopt it with its rootfi_id.", "If it does not, create it again")
    command = "pulumi up --replace urn:pulumi:dev::rootfi::pulumi-python:dynamic:Resource::xero --stack dev"
    found = problem(Subject.UNFINISHED, "xero: RootFi may or may not have created it", remedy, command)
    assert shown([found], 48) == (
        "\n"
        "problem      unfinished creates: xero: RootFi\n"
        "             may or may not have created it\n"
        "             1. If RootFi has it, adopt it with\n"
        "                its rootfi_id.\n"
        "             2. If it does not, create it again:\n"
        f"             $ {command}\n"
        "\n"
        "1 problem\n"
    )


def test_steps_and_their_command_have_lines_of_their_own() -> None:
    remedy = steps("If RootFi has it, adopt it.", "If it does not, create it again")
    assert shown([problem(Subject.UNFINISHED, "xero: unknown", remedy, "pulumi up")]) == (
        "problem      unfinished creates: xero: unknown\n"
        "             1. If RootFi has it, adopt it.\n"
        "             2. If it does not, create it again:\n"
        "             $ pulumi up\n"
    )


def test_square_brackets_are_no_markup() -> None:
    assert "[red]" in shown([ok(Subject.STACK, "Pulumi.[red].yaml")], 80)
