"""Finds the stacks of a project, in the order in which to deploy them, and the variables that each needs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rootfi_pulumi.cli.pipeline.options import STACK_NAME, Forge, Options, PipelineError
from rootfi_pulumi.cli.pipeline.secret_names import Given, check_for_github, find_from_env
from rootfi_pulumi.declaration.plain_secrets import is_encrypted
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.project.engine_yaml import UnreadableError, plain, read
from rootfi_pulumi.project.project import Project

PRODUCTION = ("prod", "production", "live")
# Stacks of other names follow these, in alphabetical order.
_ORDER = ("dev", "development", "test", "testing", "qa", "stage", "staging", "preprod", *PRODUCTION)
_CLOUD = ("cloud", "https", "http")


@dataclass(frozen=True)
class Variable:
    """An environment variable of a step. Its value is a secret of the forge, or a plain variable there."""

    name: str
    is_secret: bool = True


PASSPHRASE = Variable("PULUMI_CONFIG_PASSPHRASE")
_AWS = (Variable("AWS_ACCESS_KEY_ID"), Variable("AWS_SECRET_ACCESS_KEY"))
_GOOGLE = (Variable("GOOGLE_CREDENTIALS"),)
# See https://www.pulumi.com/docs/iac/concepts/state-and-backends/
_OF_BACKEND = {
    **dict.fromkeys(_CLOUD, (Variable("PULUMI_ACCESS_TOKEN"),)),
    "azblob": (Variable("AZURE_STORAGE_ACCOUNT", is_secret=False), Variable("AZURE_STORAGE_KEY")),
    "file": (),
    "gs": _GOOGLE,
    "postgres": (Variable("PGPASSWORD"),),
    "postgresql": (Variable("PGPASSWORD"),),
    "s3": _AWS,
}
# See https://www.pulumi.com/docs/iac/concepts/secrets/#available-encryption-providers
_OF_SECRETS_PROVIDER = {
    "awskms": _AWS,
    "azurekeyvault": (
        Variable("AZURE_TENANT_ID", is_secret=False),
        Variable("AZURE_CLIENT_ID", is_secret=False),
        Variable("AZURE_CLIENT_SECRET"),
    ),
    "gcpkms": _GOOGLE,
    "hashivault": (Variable("VAULT_SERVER_URL", is_secret=False), Variable("VAULT_SERVER_TOKEN")),
    "passphrase": (PASSPHRASE,),
}


@dataclass(frozen=True)
class Stack:
    """A stack, its file, and the variables of its steps.

    `state` reads the state; `settings` decrypts the stack's config and gives RootFi's API key; `secrets` has
    the clients' secrets. `base_url` is RootFi's address, if the config gives one; `has_salt` says that the
    stack was created with a passphrase, `is_hidden` that the declaration, or an entry of it, is encrypted.
    """

    name: str
    path: Path
    state: Sequence[Variable]
    settings: Sequence[Variable]
    secrets: Sequence[Variable]
    is_hidden: bool = False
    base_url: str = ""
    has_salt: bool = False

    @property
    def label(self) -> str:
        """The name without the organisation: what its environment on the forge is called."""
        return self.name.rpartition("/")[2]

    @property
    def job(self) -> str:
        """The name in a form that the id of a job may have."""
        return re.sub(r"[^A-Za-z0-9_-]", "-", self.label)

    @property
    def preview_label(self) -> str:
        """What the environment of the jobs that only read is called."""
        return f"{self.label}-preview"


def find_stacks(project: Project, options: Options, forge: Forge = Forge.GITHUB) -> list[Stack]:
    """Return the stacks in the order in which to deploy them. Raises PipelineError."""
    files = project.stack_files()
    names = options.stack or sorted(files, key=_rank)
    if not names:
        folder = project.stack_folder
        raise PipelineError(f"{folder} has no stack file: create a stack with `pulumi stack init dev`")
    stacks = [_read(project, name, options, forge) for name in names]
    jobs = [each.job.casefold() for each in stacks]
    for stack, job in zip(stacks, jobs, strict=True):
        if jobs.count(job) > 1:
            raise PipelineError(f"several stacks would have the jobs of {stack.name}: choose with --stack")
    deployed = {each.label.casefold(): each.name for each in stacks}
    for stack in stacks:
        if other := deployed.get(stack.preview_label.casefold()):
            # Otherwise every pull request would get the secrets with which the other stack is deployed.
            raise PipelineError(f"previews of {stack.name} would get the secrets of {other}: rename {other}")
    return stacks


def backend_scheme(project: Project, options: Options) -> str:
    """Return the scheme of the backend's URL, or Pulumi's default, `cloud`. Raises PipelineError."""
    scheme = options.backend or default_scheme(project)
    if scheme not in _OF_BACKEND:
        raise PipelineError(f"no credentials are known for {scheme}: choose one of {', '.join(_OF_BACKEND)}")
    return scheme


def project_backend(project: Project) -> str:
    """Return the URL that the project's file gives, or an empty string."""
    backend = project.settings.get("backend")
    return str(backend.get("url") or "") if isinstance(backend, dict) else ""


def default_scheme(project: Project) -> str:
    """Return the scheme of the project's backend, or Pulumi's default, `cloud`."""
    return project_backend(project).partition("://")[0] or "cloud"


def _rank(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def _read(project: Project, name: str, options: Options, forge: Forge) -> Stack:
    path = project.stack_file(name)
    if not STACK_NAME.fullmatch(name):
        raise PipelineError(
            f"{path}: {name!r} is not a stack's name: rename the file, or choose with --stack"
        )
    try:
        file, root = StackFile.read(path, project), read(path)
        members = root.value if root and isinstance(root.value, dict) else {}
        encryption = {key: plain(member.node) for key, member in members.items() if key in _ENCRYPTION}
        declared, config, named = file.declared, file.config, list(find_from_env(file, path, project))
    except UnreadableError as error:
        raise PipelineError(f"{path}:{error.line}: {error.what}") from None
    except OSError as error:
        raise PipelineError(f"{path}: {error.strerror}: is the stack's name correct?") from None
    scheme = backend_scheme(project, options)
    url = () if scheme == default_scheme(project) else (_BACKEND_URL,)
    has_key = API_KEY.key in file.members or API_KEY.key in file.inherited
    given = [*named, *(Given(each, "--secret") for each in options.secret)]
    secrets = _unique(*(Variable(each.name) for each in given))
    state = _as_given(secrets, (*url, *_OF_BACKEND[scheme]))
    settings = _as_given(secrets, (*_to_decrypt(encryption, scheme), *(() if has_key else (_API_KEY,))))
    if forge is Forge.GITHUB:
        check_for_github(given, [each.name for each in (*state, *settings) if each.is_secret])
    return Stack(
        name,
        path,
        state,
        settings,
        secrets,
        is_hidden=is_encrypted(declared) or any(map(is_encrypted, _entries(declared))),
        base_url=str(config.get(BASE_URL.key) or file.inherited.get(BASE_URL.key) or ""),
        has_salt=bool(encryption.get("encryptionsalt")),
    )


_BACKEND_URL = Variable("PULUMI_BACKEND_URL", is_secret=False)
_API_KEY = Variable(str(API_KEY.variable))
_ENCRYPTION = ("secretsprovider", "encryptionsalt")


def _to_decrypt(encryption: dict[str, Any], backend: str) -> Sequence[Variable]:
    provider = str(encryption.get("secretsprovider") or "").partition("://")[0]
    if provider in ("", "default"):
        # Pulumi Cloud keeps the key itself, unless the stack was created with a passphrase.
        uses_passphrase = backend not in _CLOUD or bool(encryption.get("encryptionsalt"))
        provider = "passphrase" if uses_passphrase else "service"
    return _OF_SECRETS_PROVIDER.get(provider, ())


def _entries(declared: object) -> Iterable[object]:
    return declared.values() if isinstance(declared, dict) else ()


def _as_given(secrets: Sequence[Variable], needed: Sequence[Variable]) -> Sequence[Variable]:
    """Return what is needed, where a secret replaces the variable of its name: a step has each name once."""
    names = {each.name for each in secrets}
    return _unique(*(Variable(each.name) if each.name in names else each for each in needed))


def _unique(*variables: Variable) -> tuple[Variable, ...]:
    return tuple(dict.fromkeys(variables))
