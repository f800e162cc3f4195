import subprocess
import sys
from pathlib import Path

from rootfi_pulumi.cli.app import app

REPOSITORY = Path(__file__).parents[3]
PAGE = REPOSITORY / "docs" / "cli.md"


def test_the_page_is_what_the_commands_help_says_now() -> None:
    command: list[str | Path] = [sys.executable, REPOSITORY / "tools" / "cli_docs.py"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert PAGE.read_text() == printed, "stale: run `python tools/cli_docs.py > docs/cli.md`"


def test_every_command_has_a_section() -> None:
    functions = [command.callback for command in app.registered_commands]
    missing = [
        each.__name__ for each in functions if each and f"\n## {each.__name__}\n" not in PAGE.read_text()
    ]
    assert missing == []
