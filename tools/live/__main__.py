"""`python -m tools.live`: ask, clean up, print the table."""

import argparse
import os
import shlex
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from rootfi_pulumi.api.clock import Clock
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from tools.live import access as access_module
from tools.live.access import Access, UsageError
from tools.live.emulate import is_surprise, settings_for
from tools.live.exchange import MOST_REQUESTS, Sender
from tools.live.play import Play
from tools.live.questions import QUESTIONS
from tools.live.table import render_markdown

_INTERRUPTED = 128 + signal.SIGINT
_EPILOG = f"""\
environment:
  {access_module.KEY}               the API key to ask with
  {access_module.URL}              the address to ask, such as https://api.rootfi.dev
  {access_module.OTHER_KEY}         optional: the key of another organisation
  {access_module.OTHER_ID}  optional: the id of another organisation's integration

exit codes: 0 asked, 1 a question could not be asked or an integration may be enabled, 2 usage error,
130 interrupted. See docs/live.md.
"""


def main(arguments: list[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run the command and return its exit code. From the consent on, SIGINT and SIGTERM end the run."""
    options = _parse(arguments)
    try:
        access = access_module.read(environ)
        access_module.confirm(access, MOST_REQUESTS, yes=options.yes, stdin=sys.stdin, stderr=sys.stderr)
        _check_writable(options.emulate)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nNothing was asked.", file=sys.stderr)
        return _INTERRUPTED
    clock = Clock()
    _stop_on_signals(clock)
    return _run(access, options.emulate, clock)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.live",
        description="Ask the real RootFi the contract's questions, and print the answers as a table.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--yes", action="store_true", help="ask without a prompt")
    parser.add_argument(
        "--emulate",
        type=Path,
        metavar="FILE",
        help="write the settings that match what was seen, for `rootfi-pulumi emulator --settings FILE`",
    )
    return parser.parse_args(arguments)


def _check_writable(path: Path | None) -> None:
    """Raise UsageError before anything is asked, if the file could not be written after it."""
    if path is None:
        return
    try:
        path.open("a").close()
    except OSError as error:
        raise UsageError(f"--emulate {path}: {error.strerror}") from None


def _stop_on_signals(clock: Clock) -> None:
    def stop(*_: object) -> None:
        clock.stop()
        print("interrupted: disabling what was created", file=sys.stderr, flush=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _run(access: Access, emulate: Path | None, clock: Clock) -> int:
    redactor = Redactor()
    for secret in access.secrets:
        redactor.add(secret)

    def say(line: str) -> None:
        print(redactor.redact(line), file=sys.stderr, flush=True)

    sender = Sender(Settings(access.api_key, access.base_url), clock, say)
    play = Play(access, sender, say)
    for credentials in (play.seen.first, play.seen.second):
        redactor.add(credentials.client_secret)
    seen = play.run()
    rows = [(question, question.read(seen)) for question in QUESTIONS]
    print(redactor.redact(render_markdown(rows)), flush=True)
    for question, answer in rows:
        if is_surprise(answer):
            say(f"not as documented or assumed: {question.text}: {answer.seen}")
    problems = play.clean_up.problems()
    if emulate is not None:
        settings = settings_for(answer for _, answer in rows)
        try:
            emulate.write_text(settings.model_dump_json(indent=2) + "\n", encoding="utf-8")
            say(f"to emulate it, run:\nrootfi-pulumi emulator --settings {shlex.quote(str(emulate))}")
        except OSError as error:
            problems.append(f"the settings were not written: {emulate}: {error.strerror}")
    return _conclude(play, problems, clock, say)


def _conclude(play: Play, problems: list[str], clock: Clock, say: Callable[[str], None]) -> int:
    requests = len(play.seen.exchanges)
    disabled = [each.in_path for each in play.clean_up.created if each.is_disabled]
    say(f"{requests} of {MOST_REQUESTS} requests; left disabled: {', '.join(disabled) or 'nothing'}")
    for problem in problems:
        say(problem)
    if clock.is_stopped:
        return _INTERRUPTED
    return 1 if problems or play.seen.stopped else 0


if __name__ == "__main__":
    sys.exit(main())
