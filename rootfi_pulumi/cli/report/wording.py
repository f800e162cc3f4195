"""The words that the table, Markdown and HTML formats share."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rootfi_pulumi.cli.report.attention import NEEDS_ATTENTION, Attention, count_attention
from rootfi_pulumi.cli.report.drift import GONE, IS_DISABLED, Drift
from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.declaration.one_organisation import Shared

TITLE = "RootFi environments"
ABSENT = "—"
"""Shown for an integration that a stack neither declares nor has."""
ABSENT_GLYPH = "·"
"""The same where cells have glyphs instead of words."""
UNKNOWN = "not read"
"""Shown if the stack's state could not be read."""
ADVICE = "rootfi-pulumi doctor"
"""The command that says what to do about an overlap."""

_MOST_LISTED = 10
_LONGEST_SHOWN = 24
_MOST_EXCEPTED = 3


def describe_credential(cell: Cell) -> str:
    """Return what is known of a cell's integration and credential, such as `my-app · 1234 · 98 d`."""
    parts = (
        shorten(cell.client_id),
        str(cell.rootfi_id) if cell.rootfi_id is not None else "",
        str(cell.age) if cell.age else "",
    )
    return " · ".join(filter(None, parts))


def shorten(text: str, length: int = _LONGEST_SHOWN) -> str:
    """Return the text, or its two ends around an ellipsis if it is longer; ids often differ in one end."""
    if len(text) <= length:
        return text
    end = (length - 1) // 2
    return f"{text[: length - 1 - end]}…{text[-end:]}"


def describe_more(cell: Cell) -> str:
    """Return the members that drifted and the states below the most urgent one, or empty."""
    return ", ".join([*map(str, cell.drifted), *(str(state) for state in cell.states[1:])])


def describe_headline(matrix: Matrix) -> str:
    """Return how much needs attention, such as `2 of 34 need attention, 1 stack not read, 1 overlap`."""
    overlaps = len(describe_overlaps(matrix.shared))
    more = f", {overlaps} {'overlap' if overlaps == 1 else 'overlaps'}" if overlaps else ""
    return count_attention(matrix) + more


def describe_names(matrix: Matrix, found: Attention) -> list[str]:
    """Return the names of what needs attention, with what drifted and further states that need attention."""
    cells = next(column.cells for column in matrix.columns if column.stack == found.stack)
    more = {name: ", ".join(_alarming(cells[name])) for name in found.names}
    return [f"{name} ({each})" if each else name for name, each in more.items()]


def name_change(drift: Drift) -> str:
    """Return what a change at RootFi amounts to, such as `switched off at RootFi`, or empty."""
    if drift.member == GONE:
        return GONE
    if drift.member == IS_DISABLED and isinstance(drift.after, bool):
        return f"switched {'off' if drift.after else 'on'} at RootFi"
    return ""


def _alarming(cell: Cell) -> list[str]:
    changes = (name_change(each) or str(each) for each in cell.drifted)
    return [*changes, *(state for state in cell.states[1:] if state in NEEDS_ATTENTION)]


def describe_empty(column: Column) -> str:
    """Return what to show for an integration without a cell in this column."""
    return ABSENT if column.is_certain else UNKNOWN


def describe_reading(matrix: Matrix) -> str:
    """Return when the report was generated, and whether it was compared with RootFi."""
    when = matrix.generated.strftime("%Y-%m-%d %H:%M UTC")
    if not matrix.is_refreshed:
        return f"{when}, from the state alone; --refresh finds drift"
    return f"{when}, {describe_comparison(matrix, 'stack')}"


def describe_comparison(matrix: Matrix, noun: str) -> str:
    """Return how many of the stacks that have something were compared with RootFi."""
    comparable = [column for column in matrix.columns if column.is_comparable]
    if not comparable:
        return "nothing to compare with RootFi"
    others = [column.stack for column in comparable if not column.is_compared]
    compared, total = len(comparable) - len(others), f"{len(comparable)} {noun}{'s' * (len(comparable) > 1)}"
    but = f", all but {list_some(others, _MOST_EXCEPTED)}" if compared and others else ""
    empty = [column.stack for column in matrix.columns if not column.is_comparable]
    rest = f"; nothing to compare in {list_some(empty, _MOST_EXCEPTED)}" if empty else ""
    return f"{compared} of {total} compared with RootFi{but}{rest}"


def describe_overlaps(shared: Iterable[Shared]) -> list[tuple[str, list[Shared]]]:
    """Return one sentence for each set of stacks that share something, with what they share."""
    alike: dict[tuple[tuple[str, ...], bool, bool | None], list[Shared]] = defaultdict(list)
    for each in shared:
        alike[each.stacks, isinstance(each.what, int), each.same_key].append(each)
    return [
        (_overlap(stacks, found, are_ids=are_ids, is_certain=bool(same_key)), found)
        for (stacks, are_ids, same_key), found in alike.items()
    ]


def _overlap(stacks: Sequence[str], found: Sequence[Shared], *, are_ids: bool, is_certain: bool) -> str:
    things = [f"{each.what} ({', '.join(each.names)})" for each in found]
    return _same_ids(stacks, things, is_certain=is_certain) if are_ids else _same_types(stacks, things)


def _same_ids(stacks: Sequence[str], ids: Sequence[str], *, is_certain: bool) -> str:
    condition = "" if is_certain else "if their API keys are of one organisation, "
    things, them = ("integrations", "them") if len(ids) > 1 else ("integration", "it")
    return (
        f"{list_words(stacks)} manage the same {things}, {list_words(ids)}: {condition}"
        f"destroying one of these stacks disables {them} for all"
    )


def _same_types(stacks: Sequence[str], types: Sequence[str]) -> str:
    of = "these types" if len(types) > 1 else "this type"
    return (
        f"{list_words(stacks)} have the same API key and each has {list_words(types)}: "
        f"one organisation gets {len(stacks)} integrations of {of}"
    )


def list_some(words: Sequence[str], number: int) -> str:
    """Return the first words of a list and how many there are more: `busy, wave and 14 more`."""
    more = len(words) - number
    return ", ".join(words) if more <= 0 else f"{', '.join(words[:number])} and {more} more"


def list_words(words: Sequence[str]) -> str:
    """Return words as in a sentence: `dev, qa and prod`. Of more than ten, only the first are named."""
    shown = [*words[:_MOST_LISTED], *([f"{len(words) - _MOST_LISTED} more"] * (len(words) > _MOST_LISTED))]
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]
