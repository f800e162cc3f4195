"""The names of secrets that a stack file or an option gives, and what GitHub makes of them.

See https://docs.github.com/en/actions/reference/security/secrets#naming-your-secrets
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rootfi_pulumi.cli.pipeline.options import PipelineError
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.settings import INTEGRATIONS
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.project.project import Project


@dataclass(frozen=True)
class Given:
    """The name of a secret. `where` is the file with its line and entry, or the option."""

    name: str
    where: str


def find_from_env(file: StackFile, path: Path, project: Project) -> Iterator[Given]:
    """Yield each `from_env` of a stack. Raises PipelineError for one that is not a variable's name."""
    declared = file.declared
    for entry, value in declared.items() if isinstance(declared, dict) else ():
        secret = value.get("client_secret") if isinstance(value, dict) else None
        name = from_env.variable(secret)
        if not name:
            continue
        if INTEGRATIONS.key in file.members:
            line = file.line((INTEGRATIONS.name, str(entry), "client_secret"))
            where = f"{path}:{line}: {INTEGRATIONS.key}.{entry}"
        else:
            where = f"{project.path}: {INTEGRATIONS.key}.{entry}"
        if from_env.name_problem(name):
            # The value is not quoted: it may be a secret that is in the wrong place.
            raise PipelineError(
                f"{where}: from_env cannot be the name of a secret: use letters, digits and _, no digit first"
            )
        yield Given(name, where)


def check_for_github(given: Iterable[Given], others: Iterable[str]) -> None:
    """Raise PipelineError for a name that GitHub gives no secret, or the secret of another name.

    `others` are the secrets that the steps need in any case.
    """
    spellings = {each.casefold(): each for each in others}
    for each in given:
        if each.name.upper().startswith("GITHUB_"):
            raise PipelineError(
                f"{each.where}: {each.name} cannot be the name of a secret, since GitHub reserves GITHUB_: "
                "rename it"
            )
        other = spellings.setdefault(each.name.casefold(), each.name)
        if other != each.name:
            raise PipelineError(
                f"{each.where}: {each.name} and {other} would be one secret, since GitHub ignores case: "
                "rename one"
            )
