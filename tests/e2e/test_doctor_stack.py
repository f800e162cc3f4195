"""`rootfi-pulumi doctor` on a stack's secrets, its declaration and the files of its neighbours."""

import pytest
import yaml

from rootfi_pulumi.cli.stack_settings import read_config, read_settings
from rootfi_pulumi.declaration.settings import BASE_URL, OF_A_CALL
from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.project import project as projects
from tests.support.command.doctor import complaints, cure, findings, problem
from tests.support.pulumi_project import XERO, Project

UP = "pulumi up --yes --skip-preview --non-interactive"
PASSPHRASE, FILE = "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"

# By name: the variables that are set instead of the right passphrase, and what Pulumi says then.
PASSPHRASES = {
    "unset": ({}, "passphrase must be set"),
    "wrong": ({PASSPHRASE: "another"}, "incorrect passphrase"),
    "file missing": ({FILE: "/nowhere"}, f"unable to read {FILE}"),
    "empty, and a file": ({PASSPHRASE: "", FILE: "/etc/hostname"}, "incorrect passphrase"),
    "file wrong": ({FILE: "/etc/hostname"}, "incorrect passphrase"),
}


@pytest.mark.case
@pytest.mark.parametrize("has_secret", [True, False], ids=["secret", "none"])
@pytest.mark.parametrize(("given", "why"), PASSPHRASES.values(), ids=PASSPHRASES)
def test_doctor_names_passphrase(
    deployed: Project, api_key: str, given: dict[str, str], why: str, has_secret: bool
) -> None:
    if has_secret:
        deployed.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    passphrase = deployed.environ.pop(PASSPHRASE)
    deployed.environ |= given
    found = problem(deployed, "stack config")
    assert why in found["message"]
    assert FILE in found["remedy"]
    deployed.up(code=None)
    cure(deployed, f"{found['command']}\n{UP}", stdin=f"{passphrase}\n")


def test_doctor_decrypts_and_prints_no_secret(deployed: Project, api_key: str) -> None:
    deployed.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    deployed.pulumi("config", "set", "--secret", "other:key", stdin="hidden")
    deployed.secrets.append("hidden")
    [config] = [each for each in findings(deployed, code=0) if each["subject"] == "stack config"]
    assert config["message"] == "4 values, 2 decrypted"


# RootFi.


@pytest.mark.case
def test_doctor_names_wrong_path_of_address(deployed: Project, emulator: Emulator) -> None:
    deployed.declare(baseUrl=f"{emulator.url}/v3")
    found = problem(deployed, "base URL")
    assert found["message"] == (
        f"{emulator.url}/v3 answers 404 to any API key, so it is not RootFi's endpoint"
    )
    deployed.up("--refresh", "--run-program", code=None)
    deployed.environ["ROOTFI_BASE_URL"] = emulator.url
    cure(deployed, f"{found['command']}\n{UP} --refresh --run-program")


@pytest.mark.case
def test_doctor_finds_variable_that_selects_no_stack(deployed: Project) -> None:
    found = problem(deployed, "stack", PULUMI_STACK="zzz")
    assert found["message"].startswith("the backend has no stack zzz, which PULUMI_STACK selects")
    cure(deployed, found["command"], PULUMI_STACK="zzz")


# The files.

FRESH = {
    "salt": "encryptionsalt: v1:YmfRcJ5r5L8=:v1:LV4cDHvLMnwdCsJc:vDevrEZ9vrD9tsy1ImlYYUP6VueD0Q==\n",
    "kms": "secretsprovider: awskms://alias/made-up\nencryptedkey: QUFBQQ==\n",
    "empty": "",
    "config": "config:\n",
    "foreign": "config:\n  aws:region: eu-central-1\n",
    "broken": "config: [\n",
}


def test_doctor_leaves_files_of_other_stacks(deployed: Project) -> None:
    for name, text in FRESH.items():
        (deployed.folder / "stacks" / f"Pulumi.{name}.yaml").write_text(text)
    assert not complaints(deployed)


def test_doctor_notes_mistakes_of_other_stacks(deployed: Project) -> None:
    config = {
        "rootfi:apiKey": "made-up",
        "rootfi:integrations": {"xero": XERO | {"client_id": ""}},
    }
    path = deployed.folder / "stacks" / "Pulumi.u.yaml"
    path.write_text(yaml.safe_dump({"config": config}))
    key, member = complaints(deployed)
    assert {key["status"], member["status"]} == {"note"}
    assert key["command"] == "pulumi config set --secret rootfi:apiKey --stack u"
    assert member["message"].startswith("stacks/Pulumi.u.yaml:")
    # In the stack itself, they are problems.
    found = findings(deployed, "--stack", "u", code=1)
    assert [each["status"] for each in found if each["subject"] == "stack files"] == 2 * ["problem"]


@pytest.mark.case
def test_doctor_finds_broken_file_of_stack(deployed: Project) -> None:
    path = deployed.folder / "stacks" / "Pulumi.dev.yaml"
    path.write_text(f"{path.read_text()}  rootfi:more: [\n")
    found = findings(deployed, code=1)
    [own] = [each for each in found if each["subject"] == "stack files"]
    assert own["message"].startswith("stacks/Pulumi.dev.yaml:")
    assert "is not YAML" in own["message"]


@pytest.mark.case
def test_doctor_finds_fresh_stack_undeclared(project: Project, emulator: Emulator) -> None:
    (project.folder / "stacks" / "Pulumi.dev.yaml").unlink()
    project.new_stack("fresh")
    project.environ["ROOTFI_BASE_URL"] = emulator.url
    found = problem(project, "declaration")
    assert found["message"] == "rootfi:integrations is not set: the program requires it"
    assert found["remedy"] == "declare the integrations in stacks/Pulumi.fresh.yaml, or write {} for none"
    project.up(code=None)
    project.declare({})
    assert not complaints(project)
    project.up()


@pytest.mark.case
def test_doctor_finds_key_of_other_project_name(project: Project, emulator: Emulator) -> None:
    (project.folder / "stacks" / "Pulumi.dev.yaml").unlink()
    path = project.folder / "Pulumi.yaml"
    settings = yaml.safe_load(path.read_text())
    config = {"integrations": {"description": "of the stack"}}
    path.write_text(yaml.safe_dump(settings | {"name": "mine", "config": config}))
    project.new_stack("named")
    project.declare({}, baseUrl=emulator.url)
    found = problem(project, "declaration")
    assert found["message"] == "mine:integrations is not set: Pulumi.yaml requires it"
    assert found["remedy"] == "remove it from Pulumi.yaml: the program reads rootfi:integrations"
    project.up(code=None)
    path.write_text(yaml.safe_dump(settings | {"name": "mine"}))
    assert not complaints(project)
    project.up()


# What is read.


@pytest.mark.case
def test_settings_equal_what_config_get_prints(
    deployed: Project, api_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=f"{api_key}\n\n")
    deployed.declare(baseUrl="two lines\n\n", timeoutSeconds=1e2, concurrency={"a": [True, None]})
    for name, value in deployed.environ.items():
        monkeypatch.setenv(name, value)
    project = projects.Project.find(deployed.folder)
    settings = read_settings(project, "dev")
    got = {each.key: project.pulumi("config", "get", each.key, "--stack", "dev")[:-1] for each in OF_A_CALL}
    assert settings.values == got
    assert read_config(project, "dev")["rootfi:apiKey"].text is None
    # Without a secret among them, nothing is decrypted.
    deployed.pulumi("config", "rm", "rootfi:apiKey")
    deployed.pulumi("config", "set", "--secret", "other:key", "hidden")
    monkeypatch.delenv(PASSPHRASE)
    assert read_settings(project, "dev").values[BASE_URL.key] == got[BASE_URL.key]
