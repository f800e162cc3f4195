"""Print which folder of the package imports which, and the number of folders and arrows (`make imports`).

A folder is a package, or a module, right below the root. Imports for type checkers alone do not count.
"""

import sys
from pathlib import Path

import grimp

PACKAGE = "rootfi_pulumi"


def arrows(root: Path) -> dict[str, list[str]]:
    """Return the folders of the package below `root`, each with those from which it imports, sorted."""
    sys.path.insert(0, str(root))
    graph = grimp.build_graph(PACKAGE, exclude_type_checking_imports=True, cache_dir=None)
    folders = sorted(graph.find_children(PACKAGE))
    return {
        folder.removeprefix(f"{PACKAGE}."): [
            other.removeprefix(f"{PACKAGE}.")
            for other in folders
            if other != folder
            and graph.direct_import_exists(importer=folder, imported=other, as_packages=True)
        ]
        for folder in folders
    }


def main() -> None:
    """Print the arrows of the package in the folder that is given, by default this repository's."""
    found = arrows(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
    for folder, others in found.items():
        print(f"{folder} -> {', '.join(others) or '(nothing)'}")
    print(f"{len(found)} folders, {sum(map(len, found.values()))} arrows")


if __name__ == "__main__":
    main()
