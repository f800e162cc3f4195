"""The options of `rootfi-pulumi pipeline`, which a generated file records in its first lines."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from rootfi_pulumi.declaration.from_env import VARIABLE_NAME

COMMAND = "rootfi-pulumi pipeline"
DEFAULT_PYTHON = "3.13"
DEFAULT_CRON = "17 3 * * *"


class PipelineError(Exception):
    """No pipeline can be written for this project. `str()` is one line, with what to do."""


class Forge(StrEnum):
    """Where the pipeline runs."""

    GITHUB = "github"
    GITLAB = "gitlab"

    @property
    def default_path(self) -> str:
        """The file that the forge reads, from the repository's root."""
        return ".gitlab-ci.yml" if self is Forge.GITLAB else ".github/workflows/rootfi.yml"


STACK_NAME = re.compile(r"([\w.][\w.-]*/){0,2}[\w.][\w.-]*", re.ASCII)
"""The name of a stack, perhaps after its organisation and project, that a command line takes as it is."""

# See https://git-scm.com/docs/git-check-ref-format
_BRANCH_PART = r"[\w-]+(\.[\w-]+)*"
_BRANCH = rf"(?!-|.*\.lock(/|$)){_BRANCH_PART}(/{_BRANCH_PART})*"
_MINUTE, _HOUR, _WEEKDAY = r"[0-5]?\d", r"(2[0-3]|[01]?\d)", "[0-7]"
_DAY, _MONTH = r"(3[01]|[12]\d|0?[1-9])", r"(1[0-2]|0?[1-9])"


def _cron_field(number: str) -> str:
    """Return the form of a field of cron: numbers, ranges and steps, with commas."""
    item = rf"(\*|{number}(-{number})?)(/[1-9]\d*)?"
    return f"{item}(,{item})*"


_CRON = " ".join(map(_cron_field, (_MINUTE, _HOUR, _DAY, _MONTH, _WEEKDAY)))
_FORMS = {
    "stack": (STACK_NAME, "must be the name of a stack"),
    "backend": (re.compile(r"[a-z0-9]+", re.ASCII), "must be a backend's URL, or its scheme, such as s3"),
    "branch": (re.compile(_BRANCH, re.ASCII), "must be the name of a branch"),
    "python": (re.compile(r"3\.(1[1-9]|[2-9][0-9])"), "must be 3.11 or a later Python, such as 3.13"),
    "drift_cron": (re.compile(_CRON, re.ASCII), "must be five fields of cron, such as '17 3 * * *'"),
    "setup": (re.compile(r"[^\r\n]*\S[^\r\n]*"), "must be a command on one line"),
    "secret": (VARIABLE_NAME, "must be the name of an environment variable"),
    "file": (re.compile(r"(?!/|.*\.\.)[\w./-]+", re.ASCII), "must be a path inside the repository"),
}


@dataclass(frozen=True)
class Options:
    """How a pipeline differs from the default one. Each field is the option of the same name.

    Raises PipelineError for a value that would be invalid in the pipeline.
    """

    stack: tuple[str, ...] = ()
    backend: str = ""
    branch: str = ""
    python: str = ""
    drift_cron: str = ""
    setup: tuple[str, ...] = ()
    secret: tuple[str, ...] = ()
    file: str = ""

    def __post_init__(self) -> None:
        # A URL may contain a password, so only its scheme is kept.
        object.__setattr__(self, "backend", self.backend.partition("://")[0])
        for name, value in self._given():
            form, problem = _FORMS[name]
            if not form.fullmatch(value):
                raise PipelineError(f"--{name.replace('_', '-')} {value!r}: {problem}")

    def path(self, forge: Forge) -> str:
        """Return the path of the file, from the repository's root."""
        return self.file or forge.default_path

    def arguments(self) -> str:
        """Return the options as they are written on a command line, with a space before each."""
        given = [(name.replace("_", "-"), value) for name, value in self._given()]
        return "".join(f" --{name} {shlex.quote(value)}" for name, value in given)

    @classmethod
    def parse(cls, text: str) -> "Options":
        """Read what `arguments` returned. Raises PipelineError."""
        try:
            words = shlex.split(text)
        except ValueError:
            words = [text]
        repeatable = {each.name: each.type is not str for each in fields(cls)}
        found: dict[str, Any] = {}
        for option, value in zip(words[::2], [*words[1::2], None], strict=False):
            name = option.removeprefix("--").replace("-", "_")
            if value is None or name not in repeatable or not option.startswith("--"):
                raise PipelineError(f"the options on its first lines cannot be read: {text.strip()}")
            found[name] = (*found.get(name, ()), value) if repeatable[name] else value
        return cls(**found)

    def _given(self) -> Sequence[tuple[str, str]]:
        pairs = []
        for each in fields(self):
            value = getattr(self, each.name)
            values = value if isinstance(value, tuple) else (value,) if value else ()
            pairs += [(each.name, one) for one in values]
        return pairs
