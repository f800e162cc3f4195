from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor import other_stacks
from rootfi_pulumi.cli.doctor.other_stacks import check_other_stacks, exclude
from rootfi_pulumi.cli.report.reading import Reading
from rootfi_pulumi.project.project import Project


def test_stack_and_file_of_one_name_are_one_other() -> None:
    assert exclude("dev", ["dev", "prod", "prod", "u"]) == ["prod", "u"]


def test_qualified_name_is_the_same_stack() -> None:
    assert exclude("dev", ["acme/dev", "acme/prod", "prod"]) == ["acme/prod"]
    assert exclude("acme/rootfi/dev", ["dev", "u"]) == ["u"]


@pytest.mark.parametrize(
    ("keyed", "end"),
    [
        (["prod"], "; types not compared: dev's file has no rootfi:apiKey"),
        (["dev"], "; types not compared with prod: no rootfi:apiKey in the file"),
        (["dev", "prod"], ""),
    ],
)
def test_types_without_a_key_are_not_called_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyed: list[str], end: str
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
    for name in ("dev", "prod"):
        key = "rootfi:apiKey:\n    secure: v1:abc" if name in keyed else "rootfi:integrations: {}"
        (tmp_path / f"Pulumi.{name}.yaml").write_text(f"config:\n  {key}\n")
    monkeypatch.setattr(Project, "stack_names", lambda _self: [])

    def read(_project: Project, stack: str, *, refresh: bool) -> Reading:
        assert not refresh
        return Reading(stack, {}, ())

    monkeypatch.setattr(other_stacks, "read_stack", read)
    [found] = check_other_stacks(Project.find(tmp_path), "dev")
    assert found.message == f"1 checked, none shares an integration{end}"
