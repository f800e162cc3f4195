import json

from rootfi_pulumi.cli.doctor.stack_files import check_decrypted
from rootfi_pulumi.cli.stack_settings import ConfigValue


def found(declared: object) -> list[str]:
    config = {"rootfi:integrations": ConfigValue(json.dumps(declared), is_secret=True)}
    return [each.message for each in check_decrypted(config)]


def test_decrypted_declaration_is_looked_at_without_showing_it() -> None:
    entry = {"integration_type": "WAVEE", "client_id": "a", "client_secret": " hunter2 "}
    messages = found({"wave": entry})
    assert [each.partition(":")[0] for each in messages] == [
        "integrations.wave.integration_type",
        "integrations.wave.client_secret",
    ]
    assert "hunter2" not in str(messages)


def test_right_declaration_and_none_have_no_finding() -> None:
    assert found({"wave": {"integration_type": "WAVE", "client_id": "a", "client_secret": "b"}}) == []
    assert check_decrypted({}) == []
