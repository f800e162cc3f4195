"""`rootfi-pulumi emulator` as a process. Its options and endings are those of `python -m`: test_main.py."""

import json
import signal
from pathlib import Path

import requests

from tests.support.command.command_line import Command
from tests.support.patience import PATIENCE
from tests.support.processes import read_line, started
from tests.support.systems import POSIX

STACK = """\
config:
  rootfi:integrations:
    xero:
      integration_type: XERO
      client_id: xero-app
      client_secret: {secure: v1:abc}
      adopt: 4711
"""


@POSIX
def test_what_a_stack_file_declares_is_there_to_be_read_with_the_key(tmp_path: Path) -> None:
    stack = tmp_path / "Pulumi.dev.yaml"
    stack.write_text(STACK)
    words = [*Command().words, "emulator", "--json", "--seed-from", str(stack)]
    with started(words) as process:
        told = json.loads(read_line(process))
        read = requests.get(
            f"{told['url']}/integrations/{told['integrations']['xero']}",
            headers={"api_key": told["api_keys"][0]},
            timeout=PATIENCE,
        )
        process.send_signal(signal.SIGINT)
    assert (read.json()["data"]["client_id"], process.returncode) == ("xero-app", 0)


def test_a_mistake_in_a_stack_file_is_one_line_with_its_place(tmp_path: Path) -> None:
    stack = tmp_path / "Pulumi.dev.yaml"
    stack.write_text(STACK.replace("xero-app", "1"))
    done = Command().in_pipe("emulator", "--seed-from", str(stack))
    told = f"rootfi-pulumi emulator: --seed-from: {stack}:5: integrations.xero.client_id: must be text"
    assert (done.returncode, done.stderr.startswith(told), done.stderr.count("\n")) == (2, True, 1)
