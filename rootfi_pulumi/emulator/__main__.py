"""The emulator as a command: `python -m rootfi_pulumi.emulator`."""

import json
import os
import shlex
import sys
from argparse import ArgumentTypeError
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL
from rootfi_pulumi.emulator import seed, settings
from rootfi_pulumi.emulator.arguments import Parser, one_of
from rootfi_pulumi.emulator.ending import Ending

if TYPE_CHECKING:
    from rootfi_pulumi.emulator import Emulator, StoredIntegration

_DESCRIPTION = """\
Serve RootFi's integrations endpoints on this machine.

Serves POST /integrations, and GET and PUT /integrations/{id}, on 127.0.0.1 until SIGINT or SIGTERM. All data
is in memory. Prints the address, the API keys, and export lines for a shell. Open the address in a browser
to watch requests and integrations and to inject faults.

    rootfi-pulumi emulator --seed-from stacks/Pulumi.dev.yaml

Exit codes: 0 ended by a signal; 1 cannot serve; 2 usage error.
"""
_EPILOG = f"""\
With Pulumi (config overrides environment variables):
  pulumi config set {BASE_URL.key} URL
  pulumi config set --secret {API_KEY.key} KEY

Control routes (JSON; responses mask secrets, and keys that you chose):
  GET    /_emulator/requests        list the received requests
  DELETE /_emulator/requests        empty that log
  GET    /_emulator/integrations    list the stored integrations
  GET    /_emulator/faults          list the waiting faults
  POST   /_emulator/faults          inject one; returns its id; such as
                                    {{"operation": "create", "status": 503,
                                     "processed": true}}
  DELETE /_emulator/faults          remove all waiting faults
  DELETE /_emulator/faults/ID       remove one
  POST   /_emulator/release         release requests that a "hold" fault holds
  PATCH  /_emulator/settings        change some; returns all; such as
                                    {{"secrets": "masked", "bad_key": 403}}
  GET    /_emulator/organisations   list the organisations
  POST   /_emulator/organisations   add one; "name" and "api_key" are optional
  POST   /_emulator/reset           remove everything, including
                                    organisations and keys
  GET    /_emulator/openapi.json    get the endpoints as an OpenAPI document
"""
_LAST_PORT = 65535


def main(arguments: list[str] | None = None, prog: str = "python -m rootfi_pulumi.emulator") -> int:
    """Run the command and return its exit status: 0 after a signal, 1 if it cannot serve."""
    parser = _parser(prog)
    options = parser.parse(arguments)
    try:
        from rootfi_pulumi.emulator import Emulator, RateLimit  # noqa: PLC0415 - the help needs no extra
    except ModuleNotFoundError as error:
        parser.exit(1, f"{error}\n")
    ending = Ending()
    emulator = Emulator(port=options.port)
    emulator.settings = options.settings
    if options.secrets is not None:
        emulator.secrets = options.secrets
    if options.second_post is not None:
        emulator.second_post = options.second_post
    if options.rate_limit is not None:
        emulator.rate_limit = RateLimit(requests=options.rate_limit)
    try:
        api_keys = [
            emulator.add_organisation(key, name=name) for name, key in options.organisation or [(None, None)]
        ]
    except ValueError as error:
        parser.error(f"--organisation: {error}")
    with ExitStack() as stack:
        try:
            stack.enter_context(emulator)
        except OSError as error:
            why = f"{error.strerror}".lower()
            parser.exit(
                1, f"{prog}: cannot serve on 127.0.0.1:{options.port}: {why}: choose another --port\n"
            )
        seeded = seed.plant(emulator, api_keys[0], options.seed_from)
        names = [name for name, _ in options.organisation or []]
        _announce(emulator, dict(zip(api_keys, names or [None], strict=True)), seeded, as_json=options.json)
        ending.wait()
    return 0


def _parser(prog: str) -> Parser:
    parser = Parser(prog, _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "--port", type=_port, default=0, metavar="PORT", help="Port to listen on. [default: a free one]"
    )
    parser.add_argument(
        "--organisation",
        action="append",
        type=_organisation,
        metavar="[NAME=]KEY",
        help="API key of an organisation, and its name on the page, such as dev=KEY. A key that contains = "
        "needs a name. Repeatable. [default: one organisation with a random key]",
    )
    parser.add_argument(
        "--seed-from",
        type=seed.declared,
        default={},
        metavar="FILE",
        help="Stack file, such as stacks/Pulumi.dev.yaml, whose integrations exist from the start, in the "
        "first organisation, with random secrets.",
    )
    parser.add_argument(
        "--settings",
        type=settings.from_file,
        default=settings.Settings(),
        metavar="FILE",
        help="JSON file with settings, such as `make test-live` writes. The options below override it.",
    )
    parser.add_argument(
        "--second-post",
        type=one_of("create", "conflict", "existing", "replace"),
        metavar="<create|conflict|existing|replace>",
        help="What a second POST of a type in one organisation does: create a second integration, answer "
        "409, return the existing one, or return it with the new credentials. [default: create]",
    )
    parser.add_argument(
        "--secrets",
        type=one_of("plain", "masked", "null", "omitted"),
        metavar="<plain|masked|null|omitted>",
        help="How client_secret is returned. [default: plain]",
    )
    parser.add_argument(
        "--rate-limit",
        type=_requests,
        metavar="REQUESTS",
        help="Requests a minute for each organisation, with X-RateLimit-* in every response. "
        "[default: no limit; RootFi documents 100]",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help='Print one line of JSON: {"url", "api_keys", "integrations", "pid"}.',
    )
    parser.add_argument("-h", "--help", action="help", help="Show this message and exit.")
    return parser


def _organisation(text: str) -> tuple[str | None, str]:
    name, separator, key = text.partition("=")
    if not separator:
        return None, text
    if not key.strip("="):
        # `name` may be a key that ends in "=", so the message does not repeat it.
        raise ArgumentTypeError("no key after NAME=: a key that contains = needs a name, as in dev=KEY")
    return name, key


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise ArgumentTypeError(f"a port is a number from 0 to {_LAST_PORT}")
    return int(text)


def _requests(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError("a number of requests is 1 or more")
    return int(text)


def _announce(
    emulator: "Emulator",
    names: dict[str, str | None],
    seeded: dict[str, "StoredIntegration"],
    *,
    as_json: bool,
) -> None:
    """Print the address and what a client needs; `names` has the name of each key's organisation."""
    api_keys = list(names)
    if as_json:
        ids = {name: integration.rootfi_id for name, integration in seeded.items()}
        facts = {"url": emulator.url, "api_keys": api_keys, "integrations": ids, "pid": os.getpid()}
        lines = [json.dumps(facts)]
    else:
        lines = [
            f"RootFi emulator: {emulator.url}",
            *(f"api key of {name}: {key}" if name else f"api key: {key}" for key, name in names.items()),
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
        # On stderr, so that `eval` of stdout does not see it.
        sys.stderr.write(f"Open in a browser: {emulator.url}/\n")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
