"""Writes what needs attention: a line for each state and stack, with names and the command to run."""

from collections.abc import Callable, Iterator, Sequence

from rich.console import Console
from rich.text import Text

from rootfi_pulumi.cli.report.attention import Attention, find_attention
from rootfi_pulumi.cli.report.glyphs import STYLES, TROUBLE_STYLE, UNREAD_GLYPH, cut
from rootfi_pulumi.cli.report.matrix import Matrix
from rootfi_pulumi.cli.report.states import SYMBOL, State
from rootfi_pulumi.cli.report.wording import describe_names, list_some

_INDENT, _GAP = 2, 2
_MOST_NAMED = 3
_LONGEST_STACK = 30
# Commands get lines of their own if they would leave less than this number of cells to names and reasons.
_NARROW = 28


def write_alerts(console: Console, matrix: Matrix, spell: Callable[[str], str]) -> Iterator[Text]:
    """Yield the lines. A command stays in one piece, even if it is wider than the console."""
    found = find_attention(matrix)
    heads = _heads(found, spell)
    commands = [_command(each, spell) for each in found]
    left, right = _widest(heads) + _GAP, _GAP + _widest(commands)
    room = console.width - left - right
    if room < _NARROW:
        for each, head, command in zip(found, heads, commands, strict=True):
            detail = _detail(matrix, each, spell)
            first, *others = _at(left, detail, head).wrap(console, console.width - 2 * _INDENT)
            yield from (first, *(_at(2 * _INDENT, each) for each in (*others, command)))
        return
    details = [_detail(matrix, each, spell).wrap(console, room) for each in found]
    end = left + _widest([line for lines in details for line in lines]) + _GAP
    for head, (first, *others), command in zip(heads, details, commands, strict=True):
        yield _at(end, command, _at(left, first, head))
        yield from (_at(left, line) for line in others)


def _heads(found: Sequence[Attention], spell: Callable[[str], str]) -> list[Text]:
    states, stacks = [], []
    for each in found:
        is_state = each.what in SYMBOL
        mark = SYMBOL[State(each.what)] if is_state else UNREAD_GLYPH
        style = STYLES[State(each.what)] if is_state else TROUBLE_STYLE
        states.append(Text(spell(f"{mark} {each.what}"), style))
        stacks.append(Text(spell(cut(each.stack, _LONGEST_STACK)), "bold"))
    start = _INDENT + _widest(states) + _GAP
    return [_at(start, stack, _at(_INDENT, state)) for state, stack in zip(states, stacks, strict=True)]


def _detail(matrix: Matrix, found: Attention, spell: Callable[[str], str]) -> Text:
    if found.reasons:
        return Text(spell("; ".join(found.reasons)))
    names = describe_names(matrix, found)
    number = len(names) if len(names) <= _MOST_NAMED + 1 else _MOST_NAMED
    return Text(spell(list_some(names, number)))


def _command(found: Attention, spell: Callable[[str], str]) -> Text:
    # As a comment, so that a shell ignores it in a line that is pasted.
    effect = f"  # {found.effect}" if found.effect else ""
    return Text.assemble((spell(f"$ {found.command}"), "cyan"), spell(effect))


def _widest(texts: Sequence[Text]) -> int:
    return max((text.cell_len for text in texts), default=0)


def _at(start: int, text: Text, line: Text | None = None) -> Text:
    line = line or Text()
    return Text.assemble(line, " " * (start - line.cell_len), text)
