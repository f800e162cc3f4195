"""The lines that say what needs attention."""

from io import StringIO

from rich.console import Console

from rootfi_pulumi.cli.report.alerts import write_alerts
from rootfi_pulumi.cli.report.matrix import Matrix
from tests.support.pages.large_matrix import TWELVE_STACKS


def lines_of(shown: Matrix, width: int) -> list[str]:
    console = Console(file=StringIO(), width=width, _environ={})
    return [line.plain.rstrip() for line in write_alerts(console, shown, str)]


def test_alert_names_three_of_many_and_their_number() -> None:
    [line] = [line for line in lines_of(TWELVE_STACKS, 1000) if "prod-mena" in line]
    assert line.split("prod-mena  ")[1].startswith("busy, mekari-jurnal, ms-dynamics-365 and 13 more  ")


def test_alert_wraps_names_rather_than_leave_them_out() -> None:
    lines = lines_of(TWELVE_STACKS, 134)
    start = next(number for number, line in enumerate(lines) if "missing     prod-mena" in line)
    words = f"{lines[start].partition('$')[0]} {lines[start + 1]}".split()
    assert words[3:9] == ["busy,", "mekari-jurnal,", "ms-dynamics-365", "and", "13", "more"]


def test_alert_names_the_change_not_the_member() -> None:
    [line] = [line for line in lines_of(TWELVE_STACKS, 1000) if "drifted" in line]
    assert "quickbooks (switched off at RootFi)" in line


def test_commands_are_aligned_beside_the_names() -> None:
    starts = {line.index("$") for line in lines_of(TWELVE_STACKS, 160) if "$" in line}
    assert len(starts) == 1


def test_command_has_its_own_line_where_it_leaves_no_room() -> None:
    lines = lines_of(TWELVE_STACKS, 80)
    assert [line for line in lines if "$" in line and not line.startswith("    $ ")] == []
    assert lines[6:8] == [
        "  ✕ missing     staging    partner-portal",
        "    $ pulumi up --stack staging  # also disables xero",
    ]
