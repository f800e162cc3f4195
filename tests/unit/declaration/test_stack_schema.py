"""The schema as an editor uses it, by an independent validator, compared with `problems_in`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.declaration.model import IntegrationConfig
from rootfi_pulumi.declaration.settings import SETTINGS
from rootfi_pulumi.declaration.stack_mistakes import problems_in
from rootfi_pulumi.declaration.stack_schema import stack_file_schema

STACKS = Path(__file__).parents[3] / "stacks"
SCHEMA = STACKS / "schema.json"
VALIDATOR = Path(sys.executable).with_name("check-jsonschema")
RIGHT = """\
secretsprovider: awskms://alias/pulumi
encryptedkey: AQICAHg
encryptionsalt: v1:abc:def
config:
  aws:region: eu-west-1
  rootfi:apiKey:
    secure: v1:abc:def
  rootfi:baseUrl: https://api.rootfi.dev
  rootfi:integrations:
    xero:
      integration_type: XERO
      client_id: app
      client_secret: {secure: v1:abc:def}
      is_disabled: false
      adopt: 1234
    wave:
      integration_type: WAVE
      client_id: {secure: v1:abc:def}
      client_secret: {from_env: WAVE_CLIENT_SECRET}
"""
BROKEN = {
    "a list": (RIGHT, "- config"),
    "a config that is a list": (RIGHT, "config: []"),
    "a key that is empty": ("\n    secure: v1:abc:def", " {}"),
    "a key that is a number": ("secure: v1:abc:def", "secure: 1234"),
    "a key with another member": ("secure: v1:abc:def", "secure: v1:abc:def\n    note: mine"),
    "a setting misspelt": ("rootfi:apiKey", "rootfi:apiKay"),
    "a key in plain text": ("\n    secure: v1:abc:def", " hunter2"),
    "a key with an empty ciphertext": ("secure: v1:abc:def", 'secure: ""'),
    "an address without https": ("https://api.rootfi.dev", "api.rootfi.dev"),
    "the integrations misspelt": ("rootfi:integrations", "rootfi:integration"),
    "the integrations of another namespace": ("rootfi:integrations", "rootfy:integrations"),
    "an integration that is text": ("wave:\n", "wave: WAVE\n    tally:\n"),
    "an integration that is a list": ("wave:\n", "wave: []\n    tally:\n"),
    "an integration that is empty": ("wave:\n", "wave:\n    tally:\n"),
    "an integration that is encrypted": ("wave:\n", "wave: {secure: v1:abc}\n    tally:\n"),
    "a name that is blank": ("xero:", '" ":'),
    "a name that breaks a URN": ("xero:", "xero::app:"),
    "a member misspelt": ("is_disabled", "disabled"),
    "an unknown type": ("XERO", "XER0"),
    "a type in small letters": ("XERO", "xero"),
    "no type": ("      integration_type: XERO\n", ""),
    "no client id": ("      client_id: app\n", ""),
    "no client secret": ("      client_secret: {secure: v1:abc:def}\n", ""),
    "a client id that is a number": ("client_id: app", "client_id: 1234"),
    "an empty client id": ("client_id: app", 'client_id: ""'),
    "a client id with a space behind": ("client_id: app", 'client_id: "app "'),
    "a client id in two lines": ("client_id: app", 'client_id: "app\\nother"'),
    "a client secret in plain text": ("{secure: v1:abc:def}\n      is", "hunter2\n      is"),
    "a client secret with an empty ciphertext": (
        "{secure: v1:abc:def}\n      is",
        "{secure: ''}\n      is",
    ),
    "a variable with a dollar": ("WAVE_CLIENT_SECRET", "$WAVE_CLIENT_SECRET"),
    "a variable and a secret": ("WAVE_CLIENT_SECRET", "WAVE_CLIENT_SECRET, secure: v1:abc"),
    "a flag in quotes": ("is_disabled: false", 'is_disabled: "false"'),
    "an id in words": ("adopt: 1234", "adopt: the old one"),
    "an id with a fraction": ("adopt: 1234", "adopt: 1234.5"),
    "an id that is 0": ("adopt: 1234", "adopt: 0"),
    "an id that Pulumi cannot carry": ("adopt: 1234", "adopt: 9007199254740992"),
}
ALSO_RIGHT = {
    "all": RIGHT,
    "no integrations": "config: {rootfi:integrations: {}}",
    "encrypted as a whole": "config: {rootfi:integrations: {secure: v1:abc}}",
    "encrypted by Pulumi Cloud": RIGHT.replace(
        "v1:abc:def", "AAABAKKnF6YUey1sVb6W/cDKIst7Ck1nZCqjxAmnYL3phJ="
    ),
    "of ESC alone": "environment: [rootfi-prod]",
    "of ESC, defined here": "environment: {imports: [rootfi-prod]}",
    "of ESC and config": "environment: [rootfi-prod]\nconfig: {rootfi:baseUrl: https://x}",
    "of another project": "config: {aws:region: x, aws:tags: [a, b], other:adopt: text}",
    "an id as Pulumi writes it": RIGHT.replace("adopt: 1234", "adopt: 1234.0"),
    "no id": RIGHT.replace("adopt: 1234", "adopt: null"),
}


def broken(mistake: str) -> str:
    old, new = BROKEN[mistake]
    assert old in RIGHT
    return RIGHT.replace(old, new, 1)


def validate(*files: Path) -> subprocess.CompletedProcess[str]:
    command: list[str | Path] = [VALIDATOR, "--schemafile", SCHEMA, "--output-format", "json", *files]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every broken and every right file, given to the validator at once; the names of those that it refuses."""
    folder = tmp_path_factory.mktemp("stacks")
    texts = {mistake: broken(mistake) for mistake in BROKEN} | ALSO_RIGHT
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text)
    told = json.loads(validate(*folder.iterdir()).stdout)
    assert not told["parse_errors"]
    return {Path(error["filename"]).stem for error in told["errors"]}


def test_schema_in_the_repository_is_what_the_command_prints() -> None:
    command = [sys.executable, "-m", "rootfi_pulumi.cli", "schema"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert SCHEMA.read_text() == printed, "stale: run `rootfi-pulumi schema > stacks/schema.json`"


def test_the_schema_is_one() -> None:
    subprocess.run([VALIDATOR, "--check-metaschema", SCHEMA], capture_output=True, check=True)


@pytest.mark.parametrize("stack", sorted(STACKS.glob("Pulumi.*.yaml")), ids=lambda path: path.name)
def test_the_repositorys_own_stacks_name_the_schema_and_fit_it(stack: Path) -> None:
    assert stack.read_text().startswith("# yaml-language-server: $schema=schema.json\n")
    assert validate(stack).returncode == 0


@pytest.mark.parametrize("kind", ALSO_RIGHT)
def test_what_is_right_fits_and_passes_check(kind: str, refused: set[str]) -> None:
    assert (kind in refused, problems_in(ALSO_RIGHT[kind])) == (False, [])


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_is_refused_by_the_schema_and_by_check(mistake: str, refused: set[str]) -> None:
    assert (mistake in refused, bool(problems_in(broken(mistake)))) == (True, True)


def test_every_member_has_its_description_from_the_model() -> None:
    integrations = stack_file_schema()["properties"]["config"]["properties"]["rootfi:integrations"]
    members = integrations["anyOf"][0]["additionalProperties"]["properties"]
    described = {name: member["description"] for name, member in members.items()}
    assert described == {name: field.description for name, field in IntegrationConfig.model_fields.items()}
    assert all(described.values())


def test_every_setting_is_in_the_schema() -> None:
    settings = stack_file_schema()["properties"]["config"]["properties"]
    assert {each.key for each in SETTINGS} == set(settings)


@pytest.mark.parametrize(
    ("seconds", "fits"), [("30", True), ('"30"', True), ("0.5", False), ("3601", False), ("soon", False)]
)
def test_a_time_limit_is_a_number_of_seconds_up_to_an_hour(
    tmp_path: Path, seconds: str, *, fits: bool
) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(f"config: {{rootfi:timeoutSeconds: {seconds}, rootfi:integrations: {{}}}}")
    assert (validate(path).returncode == 0, problems_in(path.read_text()) == []) == (fits, fits)
