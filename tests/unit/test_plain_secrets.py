from rootfi_pulumi.plain_secrets import plain_secrets_of
from rootfi_pulumi.problems import Problem
from rootfi_pulumi.stack_file import StackFile

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
