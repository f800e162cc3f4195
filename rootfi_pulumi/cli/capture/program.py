"""Writes entries as a Python program with a RootFiIntegration each, as `ruff format` would leave it."""

import builtins
import keyword
import re
from collections.abc import Iterator, Mapping, Sequence

from rootfi_pulumi.cli.capture.entries import Entry
from rootfi_pulumi.declaration.from_env import FromEnv
from rootfi_pulumi.declaration.settings import NAMESPACE

# The line length of ruff and black, if the user sets none.
_WIDTH = 88
# Longer variables would make a line too long.
_LONGEST_VARIABLE = 60
# Of the secrets in a project named `rootfi`, whose own namespace has the settings and nothing else.
_OTHER_NAMESPACE = "clientSecrets"
# Names that the program uses itself.
_TAKEN = {"pulumi", "config", *dir(builtins)}


def config_key(project: str, entry: Entry) -> str:
    """Return the full config key of an entry's secret, such as `my-project:zohoBooksClientSecret`."""
    first, *others = [*re.findall(r"[a-z0-9]+", entry.name.lower()), "client", "secret"]
    return f"{_namespace(project)}:{first}{''.join(map(str.capitalize, others))}"


def render_program(project: str, entries: Sequence[Entry]) -> str:
    """Return the program. It takes each secret from the environment or from the stack's config."""
    return "\n\n".join([_head(project, entries), *(_resource(project, entry) for entry in entries)]) + "\n"


def _namespace(project: str) -> str:
    return _OTHER_NAMESPACE if project == NAMESPACE else project


def _head(project: str, entries: Sequence[Entry]) -> str:
    secrets = [entry.client_secret for entry in entries]
    names = ["IntegrationType", "RootFiIntegration"]
    if any(isinstance(secret, FromEnv) for secret in secrets):
        names.insert(0, "FromEnv")
    imports = f"from rootfi_pulumi import {', '.join(names)}"
    if all(isinstance(secret, FromEnv) for secret in secrets):
        return imports
    namespace = _namespace(project)
    argument = "" if namespace == project else literal(namespace)
    return f"import pulumi\n{imports}\n\nconfig = pulumi.Config({argument})"


def _resource(project: str, entry: Entry) -> str:
    lines = [f"{literal(entry.name)},", *_arguments(project, entry)]
    return "\n".join([f"{_variable(entry)} = RootFiIntegration(", *(f"    {line}" for line in lines), ")"])


def _arguments(project: str, entry: Entry) -> Iterator[str]:
    members: Mapping[str, object] = entry.declaration({})
    for name, value in members.items():
        if name == "integration_type":
            yield f"{name}=IntegrationType.{value},"
        elif name == "client_secret":
            yield from _client_secret(project, entry)
        else:
            yield f"{name}={literal(value) if isinstance(value, str) else value},"


def _client_secret(project: str, entry: Entry) -> Iterator[str]:
    if isinstance(entry.client_secret, FromEnv):
        yield from _call("FromEnv", entry.client_secret.name)
        return
    key = config_key(project, entry)
    yield f"# pulumi config set --secret {key}"
    yield from _call("config.require_secret", key.partition(":")[2])


def _call(function: str, argument: str) -> Iterator[str]:
    line = f"client_secret={function}({literal(argument)}),"
    if len(f"    {line}") <= _WIDTH:
        yield line
    else:
        yield from (f"client_secret={function}(", f"    {literal(argument)},", "),")


def _variable(entry: Entry) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", entry.name.lower()).strip("_")
    is_usable = name.isidentifier() and not keyword.iskeyword(name) and name not in _TAKEN
    return name if is_usable and len(name) <= _LONGEST_VARIABLE else f"integration_{entry.members['adopt']}"


def literal(text: str) -> str:
    """Return a string as Python code, in the quotes of `ruff format`; what is invisible is escaped."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = (f"\\{each}" if each in (quote, "\\") else _visible(each) for each in text)
    return f"{quote}{''.join(escaped)}{quote}"


def _visible(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]
