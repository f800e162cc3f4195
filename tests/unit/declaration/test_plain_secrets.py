import pytest

from rootfi_pulumi.declaration.plain_secrets import is_encrypted, plain_secrets_of
from rootfi_pulumi.declaration.problems import Problem
from rootfi_pulumi.declaration.stack_file import StackFile

PLAIN = """\
config:
  rootfi:apiKey: hunter3
  rootfi:integrations:
    xero: {integration_type: XERO, client_id: app, client_secret: hunter2}
    wave: {integration_type: WAVE, client_id: app, client_secret: {from_env: WAVE_SECRET}}
    sage: {integration_type: SAGE, client_id: app, client_secret: {secure: v1:def}}
"""


def plain_secrets(text: str) -> list[Problem]:
    return list(plain_secrets_of(StackFile.parse(text).config))


def test_every_plain_secret_is_named_without_its_value() -> None:
    found = [str(problem) for problem in plain_secrets(PLAIN)]
    assert [each.partition(": is")[0] for each in found] == [
        "rootfi:apiKey",
        "integrations.xero.client_secret",
    ]
    assert "hunter" not in str(found)


def test_the_other_way_to_give_a_key_is_named() -> None:
    assert str(plain_secrets(PLAIN)[0]).endswith("or take it out and set ROOTFI_API_KEY")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("v1:2Zm9v:YmFy", id="passphrase"),
        pytest.param("AAABAKKnF6YUey1sVb6W/cDKIst7Ck1nZCqjxAmnYL3phJacI34=", id="pulumi-cloud"),
        pytest.param("AAABAPMqj6nFm8u1", id="short"),
    ],
)
def test_ciphertext_is_encrypted_whatever_made_it(text: str) -> None:
    assert is_encrypted({"secure": text})
    encrypted = f"{{secure: {text}}}"
    assert plain_secrets(PLAIN.replace("hunter3", encrypted).replace("hunter2", encrypted)) == []


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"secure": ""}, id="empty"),
        pytest.param({"secure": None}, id="null"),
        pytest.param({"secure": 1234}, id="number"),
        pytest.param({"secure": True}, id="boolean"),
        pytest.param({"secure": ["AAABAPMqj6nFm8u1"]}, id="list"),
        pytest.param({"secure": {"secure": "AAABAPMqj6nFm8u1"}}, id="nested"),
        pytest.param({"secure": "AAABAPMqj6nFm8u1", "note": "mine"}, id="another-member"),
        pytest.param({"Secure": "AAABAPMqj6nFm8u1"}, id="another-name"),
        pytest.param({}, id="no-member"),
        pytest.param("AAABAPMqj6nFm8u1", id="text"),
    ],
)
def test_other_value_is_not_encrypted(value: object) -> None:
    assert not is_encrypted(value)


@pytest.mark.parametrize("secure", ['""', "1234", "[hunter2]"])
def test_malformed_ciphertext_is_named_as_plain(secure: str) -> None:
    text = PLAIN.replace("hunter3", f"{{secure: {secure}}}").replace("hunter2", f"{{secure: {secure}}}")
    assert [str(each).partition(": is")[0] for each in plain_secrets(text)] == [
        "rootfi:apiKey",
        "integrations.xero.client_secret",
    ]
