"""Find an `adopt` in several stack files: destroying one stack would disable the other's integration."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from rootfi_pulumi.declaration.one_organisation import may_be_same_server
from rootfi_pulumi.declaration.problems import Problem
from rootfi_pulumi.declaration.settings import BASE_URL, INTEGRATIONS
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.declaration.stack_mistakes import Adoption, Located, adoptions_of, read_with_mistakes

# To remove the entry would disable the integration where the stack is deployed: doctor looks at that.
_ADVICE = "if both stacks have the same organisation's key, one must give it up: run `rootfi-pulumi doctor`"


def mistakes_in_files(paths: Iterable[Path]) -> dict[Path, list[Located]]:
    """Return the mistakes of each file, by line: its own, and each id that another file adopts too.

    Two files with different base URLs ask different servers, where one id is two integrations.
    Raises OSError.
    """
    read = {path: read_with_mistakes(path) for path in paths}
    shared = _shared({path: file for path, (file, _) in read.items()})
    return {path: sorted([*own, *shared.get(path, ())]) for path, (_, own) in read.items()}


def _shared(files: Mapping[Path, StackFile]) -> dict[Path, list[Located]]:
    base_urls = {path: _base_url(file) for path, file in files.items()}
    by_id: dict[int, list[tuple[Path, Adoption]]] = defaultdict(list)
    for path, file in files.items():
        for adoption in adoptions_of(file):
            by_id[adoption.rootfi_id].append((path, adoption))
    found: dict[Path, list[Located]] = defaultdict(list)
    for adopted in by_id.values():
        for path, adoption in adopted:
            others = [
                f"{other}:{each.line}"
                for other, each in adopted
                if other.resolve() != path.resolve() and may_be_same_server(base_urls[path], base_urls[other])
            ]
            if others:
                found[path].append(_located(adoption, others))
    return found


def _located(adoption: Adoption, others: list[str]) -> Located:
    verb = "adopt" if len(others) > 1 else "adopts"
    what = f"{' and '.join(others)} {verb} {adoption.rootfi_id} too: {_ADVICE}"
    return Located(adoption.line, str(Problem((INTEGRATIONS.name, adoption.name, "adopt"), what)))


def _base_url(file: StackFile) -> str | None:
    found = file.config.get(BASE_URL.key)
    return found if isinstance(found, str) else None
