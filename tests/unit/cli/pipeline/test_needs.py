"""Which stacks a pipeline has, in which order, and which variables each needs."""

from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.pipeline.needs import Stack, Variable, find_stacks
from rootfi_pulumi.cli.pipeline.options import Forge, Options, PipelineError
from rootfi_pulumi.project.project import Project
from tests.support.distribution.own_repository import PASSPHRASE, XERO, write_repository

PASSPHRASE_NAME = "PULUMI_CONFIG_PASSPHRASE"


def stacks_of(root: Path, **options: Any) -> list[Stack]:
    return find_stacks(Project.find(root), Options(**options))


def names(stack: Stack) -> dict[str, list[str]]:
    return {key: [each.name for each in getattr(stack, key)] for key in ("state", "settings", "secrets")}


def test_stacks_are_in_the_order_of_their_usual_names(tmp_path: Path) -> None:
    root = write_repository(tmp_path, stacks=["prod", "alpha", "staging", "prod-eu", "dev"])
    assert [stack.name for stack in stacks_of(root)] == ["dev", "staging", "prod", "alpha", "prod-eu"]


def test_chosen_stacks_keep_their_order(tmp_path: Path) -> None:
    root = write_repository(tmp_path, stacks=["dev", "prod", "alice"])
    assert [stack.name for stack in stacks_of(root, stack=("prod", "dev"))] == ["prod", "dev"]


def test_qualified_stack_has_the_label_of_its_file(tmp_path: Path) -> None:
    [stack] = stacks_of(write_repository(tmp_path), stack=("acme/rootfi/dev",))
    assert (stack.name, stack.label, stack.path.name) == ("acme/rootfi/dev", "dev", "Pulumi.dev.yaml")


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("", ["PULUMI_ACCESS_TOKEN"]),
        ("https://api.pulumi.acme.com", ["PULUMI_ACCESS_TOKEN"]),
        ("s3://bucket?region=eu-west-1", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]),
        ("postgres://pulumi@db/states", ["PGPASSWORD"]),
        ("gs://bucket", ["GOOGLE_CREDENTIALS"]),
        ("azblob://container", ["AZURE_STORAGE_ACCOUNT", "AZURE_STORAGE_KEY"]),
        ("file:///srv/states", []),
    ],
)
def test_backend_names_its_credentials(url: str, state: list[str], tmp_path: Path) -> None:
    [stack] = stacks_of(write_repository(tmp_path, backend=url))
    assert names(stack)["state"] == state


def test_backend_option_makes_its_url_a_variable(tmp_path: Path) -> None:
    [stack] = stacks_of(write_repository(tmp_path), backend="postgres")
    assert [(each.name, each.is_secret) for each in stack.state] == [
        ("PULUMI_BACKEND_URL", False),
        ("PGPASSWORD", True),
    ]


@pytest.mark.parametrize(("option", "is_variable"), [("file", False), ("s3", True), ("cloud", True)])
def test_backend_other_than_the_projects_is_a_variable(
    option: str, *, is_variable: bool, tmp_path: Path
) -> None:
    [stack] = stacks_of(write_repository(tmp_path, backend="file:///srv/states"), backend=option)
    assert ("PULUMI_BACKEND_URL" in names(stack)["state"]) is is_variable


def test_unknown_backend_is_reported_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="no credentials are known for ftp: choose one of cloud, https"):
        stacks_of(write_repository(tmp_path, backend="ftp://host"))


@pytest.mark.parametrize(
    ("backend", "file", "expected"),
    [
        ("s3", {}, [PASSPHRASE_NAME]),
        ("s3", PASSPHRASE, [PASSPHRASE_NAME]),
        ("cloud", {}, []),
        ("cloud", PASSPHRASE, [PASSPHRASE_NAME]),
        ("cloud", {"secretsprovider": "passphrase"}, [PASSPHRASE_NAME]),
        ("s3", {"secretsprovider": "awskms://alias/x"}, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]),
        ("s3", {"secretsprovider": "gcpkms://projects/x"}, ["GOOGLE_CREDENTIALS"]),
        ("s3", {"secretsprovider": "hashivault://x"}, ["VAULT_SERVER_URL", "VAULT_SERVER_TOKEN"]),
        (
            "s3",
            {"secretsprovider": "azurekeyvault://x"},
            ["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET"],
        ),
    ],
    ids=str,
)
def test_secrets_provider_names_its_credentials(
    backend: str, file: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    [stack] = stacks_of(write_repository(tmp_path, stack=file), backend=backend)
    assert names(stack)["settings"] == [*expected, "ROOTFI_API_KEY"]


@pytest.mark.parametrize(
    "given",
    [
        {"stack": {"config": {"rootfi:apiKey": {"secure": "v1:x"}, "rootfi:integrations": {"xero": XERO}}}},
        {"stack": {"config": {"apiKey": {"secure": "v1:x"}, "rootfi:integrations": {"xero": XERO}}}},
        {"config": {"rootfi:apiKey": {"value": "inherited"}}},
    ],
    ids=["stack", "short", "project"],
)
def test_key_of_the_config_replaces_the_variable(given: dict[str, Any], tmp_path: Path) -> None:
    [stack] = stacks_of(write_repository(tmp_path, **given))
    assert names(stack)["settings"] == []


def test_from_env_names_and_further_secrets_are_needed_once(tmp_path: Path) -> None:
    again = XERO | {"integration_type": "QUICKBOOKS"}
    config = {"rootfi:integrations": {"xero": XERO, "quickbooks": again, "zoho": {"client_secret": "v"}}}
    root = write_repository(tmp_path, stack={"config": config})
    [stack] = stacks_of(root, secret=("PROXY_PASSWORD", "XERO_SECRET"))
    assert names(stack)["secrets"] == ["XERO_SECRET", "PROXY_PASSWORD"]


def test_declaration_of_the_project_names_the_secrets_too(tmp_path: Path) -> None:
    inherited = {"rootfi:integrations": {"value": {"xero": XERO}}}
    root = write_repository(tmp_path, stack={"config": {}}, config=inherited)
    assert names(stacks_of(root)[0])["secrets"] == ["XERO_SECRET"]


@pytest.mark.parametrize("name", ["A-B", "GITHUB_SECRET", "${{ x }}"])
def test_name_that_no_secret_can_have_is_refused(name: str, tmp_path: Path) -> None:
    config = {"rootfi:integrations": {"xero": XERO | {"client_secret": {"from_env": name}}}}
    with pytest.raises(PipelineError, match="cannot be the name of a secret"):
        stacks_of(write_repository(tmp_path, stack={"config": config}))


def test_unusable_from_env_is_reported_with_file_line_and_entry(tmp_path: Path) -> None:
    config = {"rootfi:integrations": {"xero": XERO | {"client_secret": {"from_env": "s3cr3t value"}}}}
    with pytest.raises(PipelineError) as raised:
        stacks_of(write_repository(tmp_path, stack={"config": config}))
    assert str(raised.value) == (
        f"{tmp_path}/stacks/Pulumi.dev.yaml:6: rootfi:integrations.xero: from_env cannot be the name of a secret: "
        "use letters, digits and _, no digit first"
    )


@pytest.mark.parametrize(
    ("names", "secret", "problem"),
    [
        (
            ["XERO_SECRET", "xero_secret"],
            (),
            r"dev\.yaml:\d+: .*\.b: xero_secret and XERO_SECRET would be one",
        ),
        (["rootfi_api_key"], (), r"\.a: rootfi_api_key and ROOTFI_API_KEY would be one secret, since GitHub"),
        (["XERO_SECRET"], ("xero_Secret",), "^--secret: xero_Secret and XERO_SECRET would be one secret, "),
        (["github_x"], (), r"\.a: github_x cannot be the name of a secret, since GitHub reserves GITHUB_: "),
        ([], ("GITHUB_X",), "^--secret: GITHUB_X cannot be the name of a secret, since GitHub reserves"),
    ],
    ids=["case", "key", "option", "reserved", "reserved-option"],
)
def test_name_that_github_cannot_tell_apart_is_refused(
    names: list[str], secret: tuple[str, ...], problem: str, tmp_path: Path
) -> None:
    declared = {
        key: XERO | {"client_secret": {"from_env": name}} for key, name in zip("ab", names, strict=False)
    }
    root = write_repository(tmp_path, stack={"config": {"rootfi:integrations": declared}})
    with pytest.raises(PipelineError, match=problem):
        stacks_of(root, secret=secret)
    [stack] = find_stacks(Project.find(root), Options(secret=secret), Forge.GITLAB)
    assert [each.name for each in stack.secrets] == [*names, *secret]


def test_unusable_name_that_is_inherited_is_reported_with_the_projects_file(tmp_path: Path) -> None:
    entry = XERO | {"client_secret": {"from_env": "GITHUB_X"}}
    root = write_repository(
        tmp_path, stack={"config": {}}, config={"rootfi:integrations": {"value": {"xero": entry}}}
    )
    with pytest.raises(PipelineError, match=r"/Pulumi\.yaml: rootfi:integrations\.xero: GITHUB_X cannot be"):
        stacks_of(root)


@pytest.mark.parametrize("name", ["PULUMI_BACKEND_URL", "AZURE_STORAGE_ACCOUNT", "VAULT_SERVER_URL"])
def test_secret_replaces_the_variable_of_its_name(name: str, tmp_path: Path) -> None:
    root = write_repository(tmp_path, stack={"secretsprovider": "hashivault://x"})
    [stack] = stacks_of(root, backend="azblob", secret=(name,))
    of_that_name = {each for each in (*stack.state, *stack.settings, *stack.secrets) if each.name == name}
    assert of_that_name == {Variable(name, is_secret=True)}


def test_stacks_with_the_same_job_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"several stacks would have the jobs of .*: choose with --stack"):
        stacks_of(write_repository(tmp_path, stacks=["eu.prod", "eu-prod"]))


def test_stack_named_like_the_previews_of_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="previews of dev would get the secrets of dev-preview"):
        stacks_of(write_repository(tmp_path, stacks=["dev", "dev-preview"]))


@pytest.mark.parametrize("name", ["a b", "$(x)", "-x", "a'b"])
def test_file_name_that_a_shell_would_misread_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="is not a stack's name: rename the file"):
        stacks_of(write_repository(tmp_path, stacks=[name]))


def test_missing_stack_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"Pulumi\.other\.yaml: No such file or directory"):
        stacks_of(write_repository(tmp_path), stack=("other",))


def test_unreadable_stack_file_is_reported_with_its_line(tmp_path: Path) -> None:
    root = write_repository(tmp_path)
    (root / "stacks" / "Pulumi.dev.yaml").write_text("config:\n  a: [\n")
    with pytest.raises(PipelineError, match=r"Pulumi\.dev\.yaml:\d+: "):
        stacks_of(root)


def test_project_without_stacks_is_reported(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="has no stack file"):
        stacks_of(write_repository(tmp_path, stacks=[]))
