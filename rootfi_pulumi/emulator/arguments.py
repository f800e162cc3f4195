"""The emulator's options: argparse with the help page and the usage errors of the other commands."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from rootfi_pulumi.console import terminal, usage_error
from rootfi_pulumi.console.help_page import Entry, HelpPage


class Parser(argparse.ArgumentParser):
    """A parser of options only. Describe each option in whole sentences, and its default in brackets."""

    def __init__(self, prog: str, description: str, epilog: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            add_help=False,
            allow_abbrev=False,
            exit_on_error=False,
        )
        self._added: list[argparse.Action] = []

    def add_argument(self, *args: Any, **kwargs: Any) -> argparse.Action:
        """Add an option."""
        action = super().add_argument(*args, **kwargs)
        self._added.append(action)
        return action

    def format_help(self) -> str:
        """Return the help page."""
        options = [Entry(", ".join(_names(each)), each.help or "") for each in self._added]
        page = HelpPage(
            f"{self.prog} [OPTIONS]", self.description or "", [("Options", options)], self.epilog or ""
        )
        return page.render(terminal.width(), styled=terminal.has_styles(sys.stdout)) + "\n"

    def parse(self, arguments: Sequence[str] | None) -> argparse.Namespace:
        """Return the options. Exits with 2 and one line after a usage error."""
        try:
            options, rest = self.parse_known_args(arguments)
        except argparse.ArgumentError as error:
            self.error(self._what(error))
        if rest:
            self.error(self._unknown(rest[0]))
        return options

    def error(self, message: str) -> NoReturn:
        """Exit with 2 and one line that says what is wrong."""
        self.exit(2, f"{usage_error.one_line(self.prog, message)}\n")

    def _what(self, error: argparse.ArgumentError) -> str:
        names = (error.argument_name or "").split("/")
        option = next((each for each in self._added if [*each.option_strings] == names), None)
        if option is None or isinstance(error.__context__, argparse.ArgumentTypeError):
            return usage_error.bad_value(names[-1], error.message)
        # argparse found no value, or one that the option does not take.
        if option.nargs == 0:
            return usage_error.value_unexpected(names[-1])
        return usage_error.value_missing(names[-1], str(option.metavar))

    def _unknown(self, word: str) -> str:
        names = [name for each in self._added for name in each.option_strings]
        if word.startswith("-"):
            return usage_error.unknown_option(word.partition("=")[0], names)
        return usage_error.unexpected_argument(word, [], names)


def one_of(*choices: str) -> Callable[[str], str]:
    """Return the type of an option that takes one of these values."""

    def check(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(usage_error.not_one_of(text, choices))
        return text

    return check


def _names(option: argparse.Action) -> list[str]:
    *others, last = option.option_strings
    return [*others, last if option.nargs == 0 else f"{last} {option.metavar}"]
