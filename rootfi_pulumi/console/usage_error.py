"""The messages of usage errors, for every command: what is wrong, and what to write instead."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

_SHORTEST_OPTION = len("--x")


def one_line(command: str, what: str) -> str:
    """Return the whole message of a usage error of a command."""
    see = f"{command} --help"
    what = " ".join(what.split()).rstrip(".")
    return f"{command}: {what} See {see}" if what.endswith("?") else f"{command}: {what}: see {see}"


def unknown_command(name: str, known: Iterable[str]) -> str:
    """Return what is wrong if there is no such command."""
    return f"unknown command '{name}'{_did_you_mean(name, known)}"


def unknown_option(name: str, known: Iterable[str]) -> str:
    """Return what is wrong if a command has no such option."""
    return f"unknown option {name}{_did_you_mean(name, known)}"


def misplaced_option(name: str, commands: Sequence[str]) -> str:
    """Return what is wrong with an option of these commands that is written before the command."""
    return f"{name} is an option of {', '.join(commands)}: write it after the command"


def unexpected_argument(value: str, arguments: Sequence[str], options: Iterable[str]) -> str:
    """Return what is wrong with an argument after the last one that a command takes."""
    if not arguments and "--stack" in options:
        return f"unexpected argument '{value}': did you mean --stack {value}?"
    takes = f"takes only {' '.join(arguments)}" if arguments else "takes only options"
    return f"unexpected argument '{value}': the command {takes}"


def missing_argument(name: str, example: str, *, repeatable: bool) -> str:
    """Return what is wrong if a required argument is missing; `example` is a line of the command's help."""
    how = "write at least one" if repeatable else "write one"
    return f"{name} is missing: {how}" + (f", as in `{example}`" if example else "")


def value_missing(option: str, metavar: str) -> str:
    """Return what is wrong with an option without its value."""
    return f"{option} requires a value: write {option} {metavar}"


def value_unexpected(option: str) -> str:
    """Return what is wrong with an option that is given a value and takes none."""
    return f"{option} takes no value: write only {option}"


def bad_value(name: str, why: str) -> str:
    """Return what is wrong with the value of an argument or option."""
    return f"{name}: {why}" if name else why


def not_one_of(value: str, choices: Iterable[str]) -> str:
    """Return why a value is wrong that has to be one of the choices."""
    shown = ", ".join(f"'{each}'" for each in choices)
    return f"'{value}' is not one of {shown}"


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    names = list(known)
    close = get_close_matches(name, names, n=1)
    if not close and len(name) >= _SHORTEST_OPTION:
        close = [each for each in names if each.startswith(name)][:1]
    return f": did you mean {close[0]}?" if close else ""
