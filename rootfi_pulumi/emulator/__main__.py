"""The emulator as a command: `python -m rootfi_pulumi.emulator`."""

import argparse
import json
import os
import shlex
import signal
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, NoReturn

from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL
from rootfi_pulumi.emulator import seed, settings

if TYPE_CHECKING:
    from rootfi_pulumi.emulator import Emulator, StoredIntegration

_DESCRIPTION = """\
Serve RootFi's POST /integrations, GET and PUT /integrations/{id} on 127.0.0.1, until SIGINT or SIGTERM.
Nothing is kept when it ends. Prints its address, the API keys, and the lines that a shell takes:
exit code 0 after a signal, 1 if it cannot serve, 2 if it was given wrong. A browser finds a page at its
address: what arrives, what is stored, and a button for each fault.
"""
_EPILOG = f"""\
With Pulumi (an address in a stack's file goes before one in the environment):
  pulumi config set {BASE_URL.key} URL
  pulumi config set --secret {API_KEY.key} KEY

Control (JSON; keys and secrets are masked in the answers):
  GET    /_emulator/requests        what has arrived
  DELETE /_emulator/requests        empty that log
  GET    /_emulator/integrations    what is stored
  GET    /_emulator/faults          those that wait
  POST   /_emulator/faults          e.g. {{"operation": "create", "status": 503, "processed": true}}
  DELETE /_emulator/faults
  POST   /_emulator/release         let go the requests that a fault with "hold" keeps
  PATCH  /_emulator/settings        e.g. {{"secrets": "masked", "bad_key": 403}}; answers all
  GET    /_emulator/organisations   with the number of their integrations
  POST   /_emulator/organisations   {{"api_key": ...}}
  POST   /_emulator/reset           organisations and keys go too
  GET    /_emulator/openapi.json    the three endpoints as an OpenAPI document
"""
_LAST_PORT = 65535
_SIGNALS = {signal.SIGINT, signal.SIGTERM}


def main(arguments: list[str] | None = None, prog: str = "python -m rootfi_pulumi.emulator") -> int:
    """Run the command and return its exit status: 0 after a signal, 1 if it could not start."""
    parser = _parser(prog)
    options = parser.parse_args(arguments)
    try:
        from rootfi_pulumi.emulator import Emulator, RateLimit  # noqa: PLC0415 - the help needs no extra
    except ModuleNotFoundError as error:
        parser.exit(1, f"{error}\n")
    # Blocked before the server's thread begins, which inherits it: then only sigwait can receive them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    emulator = Emulator(port=options.port)
    emulator.settings = options.settings
    if options.secrets is not None:
        emulator.secrets = options.secrets
    if options.second_post is not None:
        emulator.second_post = options.second_post
    if options.rate_limit is not None:
        emulator.rate_limit = RateLimit(requests=options.rate_limit)
    try:
        api_keys = [emulator.add_organisation(key) for key in options.organisation or [None]]
    except ValueError as error:
        parser.error(f"--organisation: {error}")
    with ExitStack() as stack:
        try:
            stack.enter_context(emulator)
        except OSError as error:
            parser.exit(1, f"cannot serve on 127.0.0.1 port {options.port}: {error.strerror}\n")
        seeded = seed.plant(emulator, api_keys[0], options.seed_from)
        _announce(emulator, api_keys, seeded, as_json=options.json)
        signal.sigwait(_SIGNALS)
    return 0


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}: see {self.prog} --help\n")


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=prog,
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_port, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument(
        "--organisation",
        action="append",
        metavar="KEY",
        help="an organisation with this API key; may be given again (default: one with a random key)",
    )
    parser.add_argument(
        "--seed-from",
        type=seed.declared,
        default={},
        metavar="FILE",
        help="a stack file, such as stacks/Pulumi.dev.yaml: what it declares exists from the start, in the "
        "first organisation, with secrets that nobody knows",
    )
    parser.add_argument(
        "--settings",
        type=settings.from_file,
        default=settings.Settings(),
        metavar="FILE",
        help="a JSON file with settings, such as `make test-live` writes; the options below override it",
    )
    parser.add_argument(
        "--second-post",
        choices=["create", "conflict", "existing", "replace"],
        help="what a second POST of a type in one organisation does: a second integration (default), 409, "
        "200 with the existing one, or 200 with the existing one and the new credentials",
    )
    parser.add_argument(
        "--secrets",
        choices=["plain", "masked", "null", "omitted"],
        help="how client_secret is answered (default: plain)",
    )
    parser.add_argument(
        "--rate-limit",
        type=_requests,
        metavar="REQUESTS",
        help="how many requests a minute an organisation has, with X-RateLimit-* in every answer "
        "(default: any number; RootFi documents 100)",
    )
    parser.add_argument(
        "--json", action="store_true", help='print one line: {"url", "api_keys", "integrations", "pid"}'
    )
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {_LAST_PORT}")
    return int(text)


def _requests(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError("a number of requests is 1 or more")
    return int(text)


def _announce(
    emulator: "Emulator", api_keys: list[str], seeded: dict[str, "StoredIntegration"], *, as_json: bool
) -> None:
    if as_json:
        ids = {name: integration.rootfi_id for name, integration in seeded.items()}
        told = {"url": emulator.url, "api_keys": api_keys, "integrations": ids, "pid": os.getpid()}
        lines = [json.dumps(told)]
    else:
        lines = [
            f"RootFi emulator: {emulator.url}",
            *(f"api key: {key}" for key in api_keys),
            *(
                f"integration {each.rootfi_id}: {name}, {each.integration_type}"
                for name, each in seeded.items()
            ),
            f"export {BASE_URL.variable}={emulator.url}",
            f"export {API_KEY.variable}={shlex.quote(api_keys[0])}",
        ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
    if not as_json:
        # Not among the lines that a shell takes.
        sys.stderr.write(f"its page, for a browser: {emulator.url}/\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
