"""Which keys are compared with how many processes; `decrypted` lists the stacks whose key took one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootfi_pulumi.cli.report import equal_keys
from rootfi_pulumi.cli.report.equal_keys import compare_keys
from rootfi_pulumi.cli.report.remembered_keys import RememberedKeys
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.project.project import Project

SALT = "encryptionsalt: v1:of-{}\n"
DAMAGED = ["", "{", "[]", "{}", '{"groups": 1}', '{"groups": [1]}', "null"]


@dataclass
class Stacks:
    """Stacks, each with its API key, which is encrypted with a text that is never used again."""

    project: Project
    keys: dict[str, str] = field(default_factory=dict)
    files: dict[str, StackFile] = field(default_factory=dict)
    decrypted: list[str] = field(default_factory=list)
    undecryptable: set[str] = field(default_factory=set)
    count: int = 0

    def encrypt(self, stack: str, key: str, encryption: str = SALT) -> None:
        self.count += 1
        self.keys[stack] = key
        text = f"config: {{rootfi:apiKey: {{secure: 'v1:{self.count}'}}}}\n" + encryption.format(stack)
        self.files[stack] = StackFile.parse(text)

    def decrypt(self, _project: Project, stack: str) -> str | None:
        self.decrypted.append(stack)
        return None if stack in self.undecryptable else self.keys[stack]

    def compare(self, *stacks: str) -> tuple[dict[str, bytes | None], list[str]]:
        """Return the result for these stacks, by default for all, and the stacks that took a process."""
        self.decrypted.clear()
        files = {stack: self.files[stack] for stack in stacks or self.files}
        return compare_keys(self.project, files, is_shown=False), sorted(self.decrypted)


@pytest.fixture
def stacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stacks:
    made = Stacks(Project(tmp_path / "Pulumi.yaml", {}))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "any")
    monkeypatch.setattr(equal_keys, "_decrypt", made.decrypt)
    return made


def groups(found: Mapping[str, bytes | None]) -> list[list[str]]:
    known = {key for key in found.values() if key is not None}
    return sorted(sorted(stack for stack in found if found[stack] == key) for key in known)


def test_key_is_decrypted_once_and_never_again(stacks: Stacks) -> None:
    for stack, key in {"dev": "a", "prod": "b", "u": "a"}.items():
        stacks.encrypt(stack, key)
    found, decrypted = stacks.compare()
    assert (groups(found), decrypted) == ([["dev", "u"], ["prod"]], ["dev", "prod", "u"])
    found, decrypted = stacks.compare()
    assert (groups(found), decrypted) == ([["dev", "u"], ["prod"]], [])
    found, decrypted = stacks.compare("prod", "u")
    assert (groups(found), decrypted) == ([["prod"], ["u"]], [])


def test_changed_key_is_compared_again(stacks: Stacks) -> None:
    for stack in ("dev", "prod"):
        stacks.encrypt(stack, "a")
    stacks.compare()
    stacks.encrypt("prod", "b")
    assert groups(stacks.compare()[0]) == [["dev"], ["prod"]]
    assert stacks.compare()[1] == []


def test_copied_ciphertext_takes_no_process(stacks: Stacks) -> None:
    stacks.encrypt("dev", "a")
    stacks.files["u"] = stacks.files["dev"]
    found, decrypted = stacks.compare()
    assert (groups(found), decrypted) == ([["dev", "u"]], [])


@pytest.mark.parametrize("encryption", ["", "secretsprovider: default\n"])
def test_ciphertext_of_pulumi_cloud_is_of_one_stack(stacks: Stacks, encryption: str) -> None:
    stacks.encrypt("dev", "a", encryption)
    stacks.files["u"], stacks.keys["u"] = stacks.files["dev"], "b"
    found, decrypted = stacks.compare()
    assert (groups(found), decrypted) == ([["dev"], ["u"]], ["dev", "u"])


def test_same_text_with_another_salt_is_another_key(stacks: Stacks) -> None:
    stacks.encrypt("dev", "a")
    stacks.count = 0
    stacks.encrypt("prod", "b")
    assert groups(stacks.compare()[0]) == [["dev"], ["prod"]]


def test_keys_in_plain_text_take_no_process(stacks: Stacks) -> None:
    for stack, key in {"dev": "a", "prod": "b", "u": "a"}.items():
        stacks.files[stack] = StackFile.parse(f"config: {{rootfi:apiKey: {key}}}\n")
    found, decrypted = stacks.compare()
    assert (groups(found), decrypted) == ([["dev", "u"], ["prod"]], [])


def test_plain_key_is_compared_with_an_encrypted_one(stacks: Stacks) -> None:
    stacks.encrypt("dev", "a")
    stacks.files["u"] = StackFile.parse("config: {rootfi:apiKey: a}\n")
    found, decrypted = stacks.compare()
    assert (groups(found), decrypted) == ([["dev", "u"]], ["dev"])


def test_key_that_an_environment_may_override_is_pulumis(stacks: Stacks) -> None:
    inherited = {"rootfi:apiKey": "inherited"}
    stacks.files["dev"] = StackFile(inherited=inherited)
    stacks.files["prod"] = StackFile(inherited=inherited, is_part=True)
    stacks.keys["prod"] = "of the environment"
    found, decrypted = stacks.compare()
    assert (groups(found), decrypted) == ([["dev"], ["prod"]], ["prod"])


def test_ambiguous_key_is_pulumis(stacks: Stacks) -> None:
    stacks.files["dev"] = StackFile.parse("config: {apiKey: a, rootfi:apiKey: b}\n", "rootfi")
    stacks.files["prod"] = StackFile.parse("config: {rootfi:apiKey: b}\n")
    stacks.keys["dev"] = "a"
    assert groups(stacks.compare()[0]) == [["dev"], ["prod"]]


def test_key_that_cannot_be_decrypted_is_unknown(stacks: Stacks) -> None:
    for stack in ("dev", "prod", "u"):
        stacks.encrypt(stack, "a")
    stacks.undecryptable = {"prod"}
    found, _ = stacks.compare()
    assert (groups(found), found["prod"]) == ([["dev", "u"]], None)
    # It alone is tried again.
    assert stacks.compare() == ({"dev": b"group 0", "u": b"group 0", "prod": None}, ["prod"])
    stacks.undecryptable = set()
    assert groups(stacks.compare()[0]) == [["dev", "prod", "u"]]


@pytest.mark.parametrize(
    ("name", "value", "tried"),
    [
        ("PULUMI_CONFIG_PASSPHRASE", "", ["dev", "prod"]),
        ("PULUMI_CONFIG_PASSPHRASE_FILE", "/a", ["dev", "prod"]),
        ("PULUMI_CONFIG_PASSPHRASE_FILE", "", []),
    ],
)
def test_missing_passphrase_takes_no_process(
    stacks: Stacks, monkeypatch: pytest.MonkeyPatch, name: str, value: str, tried: list[str]
) -> None:
    for stack in ("dev", "prod"):
        stacks.encrypt(stack, "a")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    monkeypatch.setenv(name, value)
    assert stacks.compare()[1] == tried


def test_other_secrets_providers_need_no_passphrase(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    for stack in ("dev", "prod"):
        stacks.encrypt(stack, "a", "secretsprovider: awskms://x\nencryptedkey: {}\n")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE")
    assert stacks.compare()[1] == ["dev", "prod"]


# What is remembered.


def test_nothing_of_a_key_is_remembered(stacks: Stacks) -> None:
    for stack in ("dev", "prod"):
        stacks.encrypt(stack, f"key of {stack}")
    stacks.compare()
    [path] = (stacks.project.folder / "home" / "rootfi-pulumi").iterdir()
    first = path.read_text()
    path.unlink()
    stacks.keys = {"dev": "another", "prod": "a third"}
    stacks.compare()
    # Other keys leave the same file, so it depends on no key.
    assert path.read_text() == first


@pytest.mark.parametrize("text", [*DAMAGED, pytest.param("[" * 200_000, id="deep")])
def test_damaged_memory_is_ignored(stacks: Stacks, text: str) -> None:
    path = RememberedKeys.of(stacks.project).path
    path.parent.mkdir(parents=True)
    path.write_text(text)
    for stack in ("dev", "prod"):
        stacks.encrypt(stack, "a")
    assert groups(stacks.compare()[0]) == [["dev", "prod"]]
    assert len(json.loads(path.read_text())["groups"]) == 1


def test_folder_instead_of_the_memory_is_ignored(stacks: Stacks) -> None:
    path = RememberedKeys.of(stacks.project).path
    path.mkdir(parents=True)
    for stack in ("dev", "prod"):
        stacks.encrypt(stack, "a")
    assert groups(stacks.compare()[0]) == [["dev", "prod"]]
    assert [*path.parent.iterdir()] == [path]


def test_memory_that_cannot_be_written_is_no_failure(stacks: Stacks) -> None:
    (stacks.project.folder / "home").write_text("a file")
    for stack in ("dev", "prod"):
        stacks.encrypt(stack, "a")
    assert groups(stacks.compare()[0]) == [["dev", "prod"]]


NAMES = st.sampled_from(["dev", "prod", "qa", "u"])
STEP = st.tuples(
    st.dictionaries(NAMES, st.sampled_from("abc")), st.sets(NAMES, min_size=2), st.sets(NAMES, max_size=2)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=st.lists(STEP, min_size=1, max_size=8))
def test_comparison_is_never_wrong_whatever_is_remembered(
    stacks: Stacks, steps: list[tuple[dict[str, str], set[str], set[str]]]
) -> None:
    RememberedKeys.of(stacks.project).path.unlink(missing_ok=True)
    for stack in ("dev", "prod", "qa", "u"):
        stacks.encrypt(stack, "a")
    for changed, compared, undecryptable in steps:
        for stack, key in changed.items():
            stacks.encrypt(stack, key)
        stacks.undecryptable = undecryptable
        found, decrypted = stacks.compare(*sorted(compared))
        known = {stack: key for stack, key in found.items() if key is not None}
        assert compared - undecryptable <= known.keys()
        assert len(set(decrypted)) == len(decrypted)
        for one, other in ((one, other) for one in known for other in known):
            assert (known[one] == known[other]) == (stacks.keys[one] == stacks.keys[other])
