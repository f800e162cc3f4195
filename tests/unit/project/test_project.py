from pathlib import Path

import pytest

from rootfi_pulumi.project.project import Project, ProjectError


def test_the_nearest_project_above_is_found(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\nstackConfigDir: stacks\n")
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    project = Project.find(below)
    assert (project.folder, project.stack_file("org/x/dev")) == (
        tmp_path,
        tmp_path / "stacks" / "Pulumi.dev.yaml",
    )


def test_stack_files_are_next_to_the_project_by_default(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    for name in ("Pulumi.b.yaml", "Pulumi.a.yaml", "other.yaml"):
        (tmp_path / name).touch()
    assert Project.find(tmp_path).stack_files() == {
        "a": tmp_path / "Pulumi.a.yaml",
        "b": tmp_path / "Pulumi.b.yaml",
    }


@pytest.mark.parametrize("text", ["- a\n", "", "name: [\n"])
def test_invalid_project_settings_are_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text)
    with pytest.raises(ProjectError, match=r"Pulumi\.yaml:(1:)? "):
        Project.find(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "file"),
    [
        ("Pulumi.yml", "name: x\n", "Pulumi.dev.yml"),
        ("Pulumi.json", '{"name": "x",\n\t"stackConfigDir": "st\\/acks"}', "st/acks/Pulumi.dev.json"),
        ("Pulumi.yaml", "name: x\nconfig: stacks\n", "stacks/Pulumi.dev.yaml"),
        ("Pulumi.yaml", "name: x\nstackConfigDir: /stacks\n", "stacks/Pulumi.dev.yaml"),
    ],
)
def test_stack_file_is_where_pulumi_has_it(tmp_path: Path, name: str, text: str, file: str) -> None:
    (tmp_path / name).write_text(text)
    project = Project.find(tmp_path)
    (project.stack_folder).mkdir(parents=True, exist_ok=True)
    project.stack_file("dev").touch()
    assert project.stack_files() == {"dev": tmp_path / file}
    assert project.name == "x"


def test_config_of_every_stack_is_what_the_projects_file_gives(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: x\nconfig:\n  a: 1\n  b: {type: string}\n  c: {default: [2]}\n  rootfi:d: {value: {e: 3}}\n"
    )
    assert Project.find(tmp_path).config == {"x:a": 1, "x:c": [2], "rootfi:d": {"e": 3}}
