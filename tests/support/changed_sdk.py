"""Pulumi's SDK as another version might be, in the processes that `pulumi` starts for a project."""

from textwrap import indent

from tests.support.pulumi_project import Project

PLUGIN = "pulumi.dynamic"
PROGRAM = "pulumi-language-python-exec"

# Python imports `sitecustomize` before anything else.
_IN_PROCESS = """\
import sys
from importlib.machinery import SourceFileLoader

def rewrite(path, **changes):
    def get_code(loader, name, unchanged=SourceFileLoader.get_code):
        found = loader.get_filename(name)
        if not found.endswith(path):
            return unchanged(loader, name)
        source = loader.get_data(found).decode()
        for old, new in changes.items():
            assert old in source
            source = source.replace(old, new)
        return compile(source, found, "exec")

    SourceFileLoader.get_code = get_code

"""


def change_sdk(project: Project, *changes: tuple[str, str]) -> None:
    """Run code at the start of each such process: (PLUGIN or PROGRAM, code).

    The code has `rewrite(path, old="new")`, which replaces words in the modules of such a path, or of several.
    """
    folder = project.folder.parent / "changed-sdk"
    folder.mkdir()
    code = _IN_PROCESS
    for process, change in changes:
        code += f"if any({process!r} in each for each in sys.orig_argv):\n{indent(change.strip(), '    ')}\n"
    (folder / "sitecustomize.py").write_text(code)
    project.environ["PYTHONPATH"] = f"{folder}:{project.environ['PYTHONPATH']}"
