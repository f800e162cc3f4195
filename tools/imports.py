"""Prints which room of the package imports which, and how many rooms and arrows there are (`make imports`).

A room is a package or a module right below the root; what only type checkers import does not count.
"""

import sys
from pathlib import Path

import grimp

PACKAGE = "rootfi_pulumi"


def arrows(root: Path) -> dict[str, list[str]]:
    """Return the rooms of the package in this folder, each with those from which it imports, sorted."""
    sys.path.insert(0, str(root))
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    rooms = sorted(graph.find_children(PACKAGE))
    return {
        room.removeprefix(f"{PACKAGE}."): [
            other.removeprefix(f"{PACKAGE}.")
            for other in rooms
            if other != room and graph.direct_import_exists(importer=room, imported=other, as_packages=True)
        ]
        for room in rooms
    }


def main() -> None:
    """Print the arrows of the package in the folder that is given, by default this repository's."""
    found = arrows(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
    for room, others in found.items():
        print(f"{room} -> {', '.join(others) or '(nothing)'}")
    print(f"{len(found)} rooms, {sum(map(len, found.values()))} arrows")


if __name__ == "__main__":
    main()
