"""`make demo`: runs `pulumi up` of the dev stack against an emulated RootFi.

Everything that it creates, including Pulumi's home and state, is in a temporary folder that it removes.
"""

import sys
import tempfile
from pathlib import Path

from rootfi_pulumi.emulator import Emulator
from tools.demo import signals
from tools.demo.project import copy_project, environment
from tools.demo.stack import Stack, say


def main() -> None:
    """Run the demo. Exits with the code of the first command that fails."""
    with tempfile.TemporaryDirectory(prefix="rootfi-demo-") as temporary, Emulator() as emulator:
        folder = Path(temporary)
        api_key = emulator.add_organisation()
        say(f"an emulated RootFi listens on {emulator.url}, with one empty organisation")
        copy_project(folder)
        stack = Stack(folder, environment(folder))

        say("a throw-away state backend and the stack dev")
        stack.create()
        say("its settings; the API key and one client secret are read from standard input and encrypted")
        stack.configure(emulator.url, api_key)
        print((folder / "stacks" / "Pulumi.dev.yaml").read_text())

        say("pulumi up")
        stack.show("up", "--yes")
        say("what RootFi has now")
        for integration in emulator.integrations(api_key):
            state = "disabled" if integration.is_disabled else "enabled"
            print(f"  {integration.rootfi_id}  {integration.integration_type:20}  {state}")
        say("the stack's output about it")
        stack.pulumi("stack", "output", "integrations")
        say("pulumi preview: no changes, and no request to RootFi")
        asked = len(emulator.requests)
        stack.show("preview", "--expect-no-changes")
        if len(emulator.requests) != asked:
            sys.exit("the preview sent a request to RootFi")
    say("done; the emulator has stopped and the temporary folder is gone")


if __name__ == "__main__":
    signals.run(main)
