import pytest

from rootfi_pulumi.cli.doctor import command
from rootfi_pulumi.cli.doctor.finding import Subject, problem, steps


def test_steps_and_their_command_have_lines_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    remedy = steps("If RootFi has it, adopt it.", "If it does not, create it again")
    command._print([problem(Subject.UNFINISHED, "xero: unknown", remedy, "pulumi up")])  # noqa: SLF001
    assert capsys.readouterr().out == (
        "problem      unfinished creates: xero: unknown\n"
        "             1. If RootFi has it, adopt it.\n"
        "             2. If it does not, create it again:\n"
        "             $ pulumi up\n"
    )
