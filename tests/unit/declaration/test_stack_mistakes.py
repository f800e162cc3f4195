"""Mistakes in the declaration and the settings of a stack file."""

import json
from pathlib import Path

import pytest

from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.declaration.stack_mistakes import Adoption, adoptions_of, problems_in, read_with_mistakes
from tests.support.stack_files.sample import GOOD, lines

STACKS = sorted((Path(__file__).parents[3] / "stacks").glob("Pulumi.*.yaml"))


@pytest.mark.parametrize("stack", STACKS, ids=lambda path: path.name)
def test_the_repositorys_own_stacks_are_right(stack: Path) -> None:
    assert lines(stack.read_text()) == []


def test_encrypted_and_from_env_are_right() -> None:
    assert lines(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "{secure: v1:def}",
            "hunter2",
            "8: integrations.xero.client_secret: is in plain text: encrypt it by",
        ),
        ("\n    secure: v1:abc", " hunter2", "2: rootfi:apiKey: is in plain text: encrypt it by"),
        ("type: XERO", "type: XER0", '6: integrations.xero.integration_type: "XER0" is not'),
        ("client_id: app", "client_ib: app", "7: integrations.xero.client_ib: is not a member"),
        ("      client_id: app\n", "", "5: integrations.xero.client_id: is missing"),
        ("apiKey", "apiKay", "2: rootfi:apiKay: is not a setting: did you mean rootfi:apiKey?"),
        ("config:", "config:\n  rootfi:baseUrl: http://x", "2: rootfi:baseUrl: must start with https://"),
        ("type: WAVE", "type: XERO", "10: integrations.wave.integration_type: xero has the same"),
        ("rootfi:integrations", "rootfi:integration", "1: rootfi:integrations: is not set"),
    ],
)
def test_a_mistake_is_reported_with_its_line(old: str, new: str, line: str) -> None:
    found = lines(GOOD.replace(old, new, 1))
    assert any(each.startswith(line) for each in found), found
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# x\n",
        "config:",
        "config: {}",
        "encryptionsalt: v1:a",
        "secretsprovider: x\nencryptedkey: y",
        "---\n",
    ],
)
def test_file_without_our_keys_is_not_ours(text: str) -> None:
    assert lines(text) == []


def test_declaration_as_json_text_is_read_with_its_line() -> None:
    entry = '{"integration_type":"WAVE","client_id":"a","client_secret":"hunter2"}'
    text = f"config:\n  rootfi:integrations: '{{\"wave\":{entry}}}'\n"
    [found] = lines(text)
    assert found.startswith("2: integrations.wave.client_secret: is in plain text")


@pytest.mark.parametrize("ciphertext", ["v1:abc", "AAABAKKnF6YUey1sVb6W/cDKIst7Ck1nZCqjxAmnYL3phJacI34="])
def test_ciphertext_of_any_secrets_provider_is_encrypted(ciphertext: str) -> None:
    assert lines(GOOD.replace("v1:def", ciphertext)) == []


def test_key_without_a_namespace_is_the_projects() -> None:
    text = GOOD.replace("rootfi:apiKey", "apiKay").replace("rootfi:integrations", "integrations")
    found = [each.message for each in problems_in(text, "rootfi")]
    assert found == ["rootfi:apiKay: is not a setting: did you mean rootfi:apiKey?"]


def test_key_with_and_without_its_namespace_is_ambiguous() -> None:
    text = GOOD.replace("config:\n", "config:\n  apiKey: {secure: v1:x}\n")
    [found] = problems_in(text, "rootfi")
    assert found.message.startswith("rootfi:apiKey: is set with and without the project's name")


@pytest.mark.parametrize(
    ("key", "project"),
    [("integrations:integrations", None), ("integrations", "myintg"), ("acme:integrations", "x")],
)
def test_declaration_in_another_namespace_is_a_mistake(key: str, project: str | None) -> None:
    text = f"config:\n  {key}:\n    xero: {{client_id: foo}}\n"
    [found] = problems_in(text, project)
    assert found.line == 2
    assert found.message.endswith(":integrations: is not read: write it under rootfi:integrations")


def test_integrations_of_something_else_are_not_ours() -> None:
    assert lines("config:\n  datadog:integrations: {aws: {account: x}, slack: on}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "environment: [rootfi-prod]",
        "environment: {}\nconfig: {rootfi:baseUrl: https://x}",
        "environment: [x]\nconfig: {rootfi:baseUrl: https://x}",
        "config: {aws:region: x}",
    ],
)
def test_config_from_elsewhere_or_of_another_project_is_not_missed(text: str) -> None:
    assert lines(text) == []


@pytest.mark.parametrize("environment", ["", "[]"])
def test_environment_that_is_none_brings_no_config(environment: str) -> None:
    found = lines(f"config: {{rootfi:baseUrl: https://x}}\nenvironment: {environment}")
    assert found == ["1: rootfi:integrations: is not set: name the integrations, or write {} for none"]


@pytest.mark.parametrize("value", ['{secure: ""}', "{secure: 1}", "{secure: [a]}"])
def test_what_only_looks_encrypted_is_plain(value: str) -> None:
    assert "is in plain text" in lines(GOOD.replace("{secure: v1:def}", value))[0]


def test_a_wholly_encrypted_declaration_is_not_judged() -> None:
    assert lines("config:\n  rootfi:integrations: {secure: v1:abc}") == []


def test_a_name_with_control_characters_is_reported_without_them() -> None:
    name = '"\\e[31m\\uFFFE"'
    text = f"""\
config:
  rootfi:integrations:
    {name}: {{integration_type: XERO, client_id: a, client_secret: hunter2}}
    b: {{integration_type: XERO, client_id: a, client_secret: {{from_env: A}}}}
"""
    found = lines(text)
    assert len(found) == 3
    assert all(line.isprintable() for line in found)


def test_declaration_in_the_projects_file_is_not_missed(tmp_path: Path) -> None:
    project, stack = tmp_path / "Pulumi.yaml", tmp_path / "Pulumi.dev.yaml"
    project.write_text(
        "name: x\nruntime: python\nconfig:\n  rootfi:integrations:\n    value:\n      xero: {client_secret: hunter2}\n"
    )
    stack.write_text("config:\n  rootfi:baseUrl: https://x\n")
    file, mistakes = read_with_mistakes(stack)
    assert (file.declared, mistakes) == ({"xero": {"client_secret": "hunter2"}}, [])
    found = [each.message for each in read_with_mistakes(project)[1]]
    assert any(each.startswith("integrations.xero.client_secret: is in plain text") for each in found)


def test_projects_file_without_our_keys_has_no_mistakes(tmp_path: Path) -> None:
    project = tmp_path / "Pulumi.yaml"
    project.write_text(
        "name: rootfi\nruntime: python\nconfig:\n  integrations: {description: the integrations}\n"
    )
    assert read_with_mistakes(project)[1] == []


def test_json_text_has_no_ciphertext() -> None:
    entry = {"integration_type": "WAVE", "client_id": "a", "client_secret": {"secure": "v1:abc"}}
    text = f"config:\n  rootfi:integrations: '{json.dumps({'wave': entry})}'\n"
    [plain, *_] = lines(text)
    assert plain.startswith(
        "2: integrations.wave.client_secret: is in plain text: write {from_env: NAME}, or"
    )


@pytest.mark.parametrize("entry", ["slack: {client_id: x}", "xero: {account: x}"])
def test_integrations_of_another_product_are_not_ours(entry: str) -> None:
    assert lines(f"config:\n  acme:integrations: {{{entry}}}\n") == []


def test_other_declaration_next_to_ours_is_no_mistake() -> None:
    text = GOOD.replace("config:\n", "config:\n  acme:integrations: {xero: {client_id: x}}\n")
    assert lines(text) == []


def test_foreign_key_in_two_forms_is_not_ours() -> None:
    assert lines("config:\n  a:config:b: c\n  a:b: d\n") == []


def test_empty_key_is_no_plain_text() -> None:
    found = lines(GOOD.replace("\n    secure: v1:abc", ""))
    assert found == ["2: rootfi:apiKey: is empty: give the API key of a RootFi organisation"]


def test_what_is_pasted_below_client_secret_is_not_shown() -> None:
    found = lines(GOOD.replace("{secure: v1:def}", "{S3cret, S3cret}"))
    assert "client_secret: is set twice" in str(found)
    assert "S3cret" not in str(found)


def test_stack_file_with_a_projects_name_is_a_stack_file(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.yaml"
    path.write_text(GOOD.replace("{secure: v1:def}", "hunter2"))
    assert "is in plain text" in read_with_mistakes(path)[1][0].message


def adoptions(text: str) -> list[Adoption]:
    return adoptions_of(StackFile.parse(text))


def test_adoptions_have_their_lines() -> None:
    text = GOOD.replace("client_id: app\n", "client_id: app\n      adopt: 1001\n")
    assert adoptions(text) == [Adoption(8, "xero", 1001)]


def test_adoptions_outlast_other_mistakes() -> None:
    text = GOOD.replace("client_id: app", "client_ib: app\n      adopt: 1001").replace("wave-app", "")
    assert [each.rootfi_id for each in adoptions(text)] == [1001]


@pytest.mark.parametrize("adopt", ["", "abc", "-1", "1.5", "true", "[1]", "{secure: v1:x}"])
def test_adoptions_leave_out_what_is_no_id(adopt: str) -> None:
    assert adoptions(GOOD.replace("client_id: app", f"client_id: app\n      adopt: {adopt}")) == []


@pytest.mark.parametrize("adopt", ["0o1751", "0x3e9", "1_001", "1.001e3", "1001.0"])
def test_adoption_is_the_number_that_the_engine_reads(adopt: str) -> None:
    text = GOOD.replace("client_id: app", f"client_id: app\n      adopt: {adopt}")
    assert [each.rootfi_id for each in adoptions(text)] == [1001]
    assert lines(text) == []


@pytest.mark.parametrize("text", ["", "a: 1", "config: {rootfi:integrations: {secure: v1:x}}"])
def test_file_without_a_declaration_has_no_adoptions(text: str) -> None:
    assert adoptions(text) == []
