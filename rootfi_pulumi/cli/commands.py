"""Typer's commands with the project's help pages and usage errors.

Uses only what Typer 0.28 and 0.29 have in common: both replaced much of what is below a command.
"""

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from rootfi_pulumi.console import terminal, usage_error
from rootfi_pulumi.console.help_page import Entry, HelpPage


class Command(TyperCommand):
    """A subcommand."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        formatter.write(_render(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words after the command's name. Raises a TyperException with the command's context."""
        may_have_more = ctx.allow_extra_args
        ctx.allow_extra_args = True
        with _of(ctx):
            rest: list[str] = super().parse_args(ctx, args)
        ctx.allow_extra_args = may_have_more
        if rest and not may_have_more and not ctx.resilient_parsing:
            names = [str(each.metavar) for each in _arguments(self, ctx)]
            ctx.fail(usage_error.unexpected_argument(rest[0], names, _option_names(self, ctx)))
        return rest


class Group(TyperGroup):
    """The command itself, with its subcommands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help page."""
        formatter.write(_render(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words before the subcommand's name."""
        with _of(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the subcommand. Raises a TyperException that names the most similar one."""
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            ctx.fail(usage_error.unknown_command(args[0], self.commands))
        return super().resolve_command(ctx, args)


def describe(error: typer.TyperException, name: str) -> str:
    """Return the line that a usage error prints. `name` is the command if the error has no context."""
    context = getattr(error, "ctx", None)
    return usage_error.one_line(context.command_path if context else name, _what(error, context))


@contextmanager
def _of(context: Any) -> Iterator[None]:
    """Add the context to errors that lack it, such as that of an option without its value."""
    try:
        yield
    except typer.TyperException as error:
        if getattr(error, "ctx", None) is None:
            error.ctx = context  # type: ignore[attr-defined] # a usage error has it, and its class is private
        raise


def _what(error: Any, context: Any) -> str:
    # The classes of Typer's errors are private, so their attributes distinguish them.
    if context and hasattr(error, "possibilities"):
        if having := _commands_with(error.option_name, context.command):
            return usage_error.misplaced_option(error.option_name, having)
        return usage_error.unknown_option(error.option_name, _option_names(context.command, context))
    if context and hasattr(error, "option_name"):
        return _what_about_value(error.option_name, context)
    if context and hasattr(error, "param_type") and error.param is not None:
        example = next(_examples(context.command), "")
        repeatable = error.param.nargs != 1
        return usage_error.missing_argument(error.param.metavar, example, repeatable=repeatable)
    if hasattr(error, "param_hint"):
        return usage_error.bad_value(_name_of(error), error.message.removeprefix("Value error, "))
    return str(error.format_message())


def _what_about_value(option: str, context: Any) -> str:
    found = next((each for each in _options(context.command, context) if option in each.opts), None)
    if found is None or found.is_flag:
        return usage_error.value_unexpected(option)
    return usage_error.value_missing(option, _name_with_value(found, context).partition(" ")[2])


def _name_of(error: Any) -> str:
    if error.param_hint:
        return str(error.param_hint)
    if isinstance(error.param, TyperOption):
        return str(error.param.opts[-1])
    return str(error.param.metavar or "") if error.param else ""


def _render(command: TyperCommand | TyperGroup, context: Any) -> str:
    options = [
        Entry(_name_with_value(each, context), _description(each)) for each in _options(command, context)
    ]
    sections = [
        (
            "Arguments",
            [Entry(str(each.metavar), _description(each)) for each in _arguments(command, context)],
        ),
        ("Options", options),
    ]
    if isinstance(command, TyperGroup):
        shown = [(name, inspect.cleandoc(each.help or "")) for name, each in command.commands.items()]
        sections.append(("Commands", [Entry(name, _first_sentence(text)) for name, text in shown]))
    usage = " ".join([context.command_path, "[OPTIONS]", *_usage(command, context)])
    page = HelpPage(usage, inspect.cleandoc(command.help or ""), sections, command.epilog or "")
    return page.render(terminal.width(), styled=terminal.has_styles(sys.stdout))


def _usage(command: TyperCommand | TyperGroup, context: Any) -> Iterator[str]:
    for each in _arguments(command, context):
        name = f"{each.metavar}{'' if each.nargs == 1 else '...'}"
        yield name if each.required else f"[{name}]"
    if isinstance(command, TyperGroup):
        yield "COMMAND [ARGUMENTS]..."


def _name_with_value(option: TyperOption, context: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    if option.is_flag:
        return names
    # Typer lists the choices between brackets, which differ from version to version.
    shown = (option.get_help_record(context) or ("", ""))[0]
    choices = shown.rpartition(" ")[2].strip("<>[]")
    return f"{names} {option.metavar or f'<{choices}>'}"


def _description(parameter: TyperArgument | TyperOption) -> str:
    shown = parameter.show_default
    default = shown if isinstance(shown, str) else parameter.default
    if parameter.required or default in (None, False, "") or callable(default):
        return parameter.help or ""
    return f"{parameter.help} [default: {getattr(default, 'value', default)}]"


def _first_sentence(text: str) -> str:
    return f"{' '.join(text.split()).partition('. ')[0].rstrip('.')}."


def _examples(command: Any) -> Iterator[str]:
    """Yield the examples in the help, which are its indented lines, each up to another command or a file."""
    for line in inspect.cleandoc(command.help or "").splitlines():
        if line.startswith("    "):
            yield re.split(r" && | > | >> ", line.strip())[0]


def _arguments(command: Any, context: Any) -> list[TyperArgument]:
    return [each for each in command.get_params(context) if isinstance(each, TyperArgument)]


def _options(command: Any, context: Any) -> list[TyperOption]:
    found = [each for each in command.get_params(context) if isinstance(each, TyperOption)]
    return [each for each in found if not each.hidden]


def _commands_with(option: str, command: Any) -> list[str]:
    """Return the subcommands that have an option; a command without subcommands has none."""
    subcommands = getattr(command, "commands", {}).items()
    return [name for name, each in subcommands if any(option in parameter.opts for parameter in each.params)]


def _option_names(command: Any, context: Any) -> list[str]:
    return [name for each in _options(command, context) for name in each.opts]
