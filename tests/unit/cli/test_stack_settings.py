"""What a stack's config gives, as `pulumi config --json` prints it; nothing of it is in a message."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from rootfi_pulumi.cli.stack_settings import StackSettings, read_config, read_settings
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

PLAIN = '{"rootfi:baseUrl": {"value": "u", "secret": false}, "other:key": {"secret": true}}'
HIDDEN = '{"rootfi:apiKey": {"secret": true}}'
SHOWN = '{"rootfi:apiKey": {"value": "k", "secret": true}}'


@dataclass(frozen=True)
class Fake(Project):
    """A project whose `pulumi` prints these: without and with the secrets shown."""

    plain: str = ""
    shown: str = ""

    def pulumi(self, *args: str, stdin: str = "") -> str:  # noqa: ARG002 (as Project has it)
        return self.shown if "--show-secrets" in args else self.plain


def test_settings_decrypt_only_what_they_need() -> None:
    assert read_settings(Fake(Path(), {}, PLAIN), "dev") == StackSettings({"rootfi:baseUrl": "u"})
    assert read_settings(Fake(Path(), {}, HIDDEN, SHOWN), "dev") == StackSettings({"rootfi:apiKey": "k"})


@pytest.mark.parametrize("printed", ["", "[]", "SECRET", '{"a": "SECRET"}', '{"a": ["SECRET"]}', "null"])
def test_strange_output_is_one_error(printed: str) -> None:
    with pytest.raises(PulumiError, match=r"^pulumi config --json did not print a mapping") as raised:
        read_config(Fake(Path(), {}, printed), "dev")
    assert "SECRET" not in str(raised.value)


def test_repr_holds_no_value() -> None:
    config = read_config(
        Fake(Path(), {}, "", '{"a": {"value": "SECRET", "secret": true}}'), "dev", decrypt=True
    )
    assert config["a"].text == "SECRET"
    assert "SECRET" not in repr(config)
