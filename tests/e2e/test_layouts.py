"""A project may be laid out in every way that Pulumi allows; its stack's file is found, and read as Pulumi does."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from rootfi_pulumi.emulator import Emulator
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import XERO, Project

WAVE = {"integration_type": "WAVE", "client_id": "wave-app", "client_secret": "hunter2-in-plain-text"}
PLAIN = "integrations.wave.client_secret: is in plain text"


def lay_out(project: Project, **settings: object) -> Path:
    """Give the project's file these settings; return where a stack's file is by default."""
    path = project.folder / "Pulumi.yaml"
    old = yaml.safe_load(path.read_text())
    del old["stackConfigDir"]
    path.write_text(yaml.safe_dump(old | settings, sort_keys=False))
    return project.folder / "Pulumi.dev.yaml"


def declare(project: Project, file: Path, *, encrypted: bool = True) -> None:
    """Put a plain secret in a file, and next to it, if wanted, one that Pulumi encrypted."""
    content = yaml.safe_load((project.folder / "stacks" / "Pulumi.dev.yaml").read_text())
    secret = content["config"].get("rootfi:x", {"from_env": "XERO_CLIENT_SECRET"})
    xero = XERO | ({"client_secret": secret} if encrypted else {})
    content["config"].pop("rootfi:x", None)
    content["config"]["rootfi:integrations"] = {"xero": xero, "wave": WAVE}
    file.parent.mkdir(parents=True, exist_ok=True)
    shown = json.dumps(content) if file.suffix == ".json" else yaml.safe_dump(content)
    file.write_text(shown)


@pytest.fixture
def encrypted(project: Project) -> Project:
    """A project whose stack's file has an encrypted `rootfi:x`, to be taken from there."""
    project.pulumi("config", "set", "--secret", "rootfi:x", stdin=project.environ["XERO_CLIENT_SECRET"])
    return project


def yml(project: Project) -> list[str]:
    lay_out(project)
    (project.folder / "Pulumi.yaml").rename(project.folder / "Pulumi.yml")
    declare(project, project.folder / "Pulumi.dev.yml")
    return []


def as_json(project: Project) -> list[str]:
    lay_out(project)
    settings = yaml.safe_load((project.folder / "Pulumi.yaml").read_text())
    (project.folder / "Pulumi.yaml").unlink()
    (project.folder / "Pulumi.json").write_text(json.dumps(settings, indent="\t"))
    declare(project, project.folder / "Pulumi.dev.json")
    return []


def program_elsewhere(project: Project) -> list[str]:
    declare(project, lay_out(project, main="program/"))
    (project.folder / "program").mkdir()
    (project.folder / "__main__.py").rename(project.folder / "program" / "__main__.py")
    return []


def stack_config_dir(project: Project) -> list[str]:
    lay_out(project, stackConfigDir="env/of/mine")
    declare(project, project.folder / "env/of/mine/Pulumi.dev.yaml")
    return []


def config_as_a_folder(project: Project) -> list[str]:
    lay_out(project, config="settings")
    declare(project, project.folder / "settings" / "Pulumi.dev.yaml")
    return []


def config_file_of_two(project: Project) -> list[str]:
    return ["--config-file", "stacks/Pulumi.dev.yaml", *config_file(project)]


def config_file_of_the_environment(project: Project) -> list[str]:
    [_, project.environ["PULUMI_OPTION_CONFIG_FILE"]] = config_file(project)
    return []


def config_file_named_as_the_projects(project: Project) -> list[str]:
    declare(project, project.folder / "elsewhere" / "Pulumi.yaml")
    return ["--config-file", "elsewhere/Pulumi.yaml"]


def config_file(project: Project) -> list[str]:
    declare(project, project.folder / "elsewhere" / "mine.yaml")
    return ["--config-file", "elsewhere/mine.yaml"]


@pytest.mark.measured
@pytest.mark.parametrize(
    "layout",
    [
        pytest.param(each, id=each.__name__, marks=[] if each in (yml, config_file) else [pytest.mark.case])
        for each in (
            yml,
            as_json,
            program_elsewhere,
            stack_config_dir,
            config_as_a_folder,
            config_file,
            config_file_of_two,
            config_file_of_the_environment,
            config_file_named_as_the_projects,
        )
    ],
)
def test_plain_secret_next_to_an_encrypted_one_is_refused(
    layout: Callable[[Project], list[str]], encrypted: Project, emulator: Emulator
) -> None:
    encrypted.secrets.append(WAVE["client_secret"])
    args = layout(encrypted)
    # Which stack is selected is kept by the path of the project's file.
    encrypted.pulumi("stack", "select", "dev")
    assert PLAIN in encrypted.up(*args, code=None).output
    assert emulator.calls == []


def test_stale_file_refuses_no_run_that_has_its_config_elsewhere(
    encrypted: Project, emulator: Emulator, api_key: str
) -> None:
    stale = encrypted.folder / "stacks" / "Pulumi.dev.yaml"
    elsewhere = encrypted.folder / "mine.yaml"
    content = yaml.safe_load(stale.read_text())
    xero = XERO | {"client_secret": content["config"].pop("rootfi:x")}
    content["config"]["rootfi:integrations"] = {"xero": xero}
    elsewhere.write_text(yaml.safe_dump(content))
    content["config"]["rootfi:integrations"] = {"xero": XERO | {"client_secret": "long-gone"}}
    stale.write_text(yaml.safe_dump(content))
    encrypted.up("--config-file=mine.yaml")
    assert len(emulator.integrations(api_key)) == 1


@pytest.mark.case
def test_declaration_with_and_without_the_projects_name_is_refused(
    project: Project, emulator: Emulator
) -> None:
    project.declare({"xero": XERO})
    path = project.folder / "stacks" / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("config:\n", "config:\n  integrations: {}\n"))
    output = project.up(code=None).output
    assert "rootfi:integrations: is set with and without the project's name" in output
    assert emulator.calls == []


@pytest.mark.case
def test_engine_by_another_name_starts_the_program(project: Project, emulator: Emulator) -> None:
    other = project.folder / "pulumi-of-mine"
    other.symlink_to(str(shutil.which("pulumi", path=project.environ["PATH"])))
    project.declare({"xero": XERO})
    command = [str(other), "up", "--yes", "--skip-preview", "--non-interactive"]
    subprocess.run(command, cwd=project.folder, env=project.environ, timeout=5 * PATIENCE, check=True)
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.case
def test_project_of_any_name_deploys_what_it_declares(project: Project, emulator: Emulator) -> None:
    path = project.folder / "Pulumi.yaml"
    path.write_text(path.read_text().replace("name: rootfi\n", "name: integrations\n", 1))
    project.declare({"xero": XERO})
    project.pulumi("stack", "init", "dev")
    project.pulumi("config", "set", "--path", "integrations.wave.client_id", "foo")
    output = project.up().output
    assert "integrations:integrations: is not read: write it under rootfi:integrations" in output
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.case
def test_declaration_as_json_text_is_deployed(project: Project, emulator: Emulator) -> None:
    project.pulumi("config", "set", "rootfi:integrations", json.dumps({"xero": XERO}))
    project.up()
    assert emulator.calls == ["POST /integrations"]
    project.pulumi("config", "set", "rootfi:integrations", json.dumps({"wave": WAVE}))
    assert PLAIN in project.up(code=None).output


@pytest.mark.case
def test_declaration_in_the_projects_own_file_is_deployed(project: Project, emulator: Emulator) -> None:
    path = project.folder / "Pulumi.yaml"
    settings = yaml.safe_load(path.read_text())
    settings["config"] = {"rootfi:integrations": {"default": {"xero": XERO}}}
    path.write_text(yaml.safe_dump(settings))
    project.up()
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.parametrize(
    "lines",
    [
        "  other:op: =\n  other:day: 2024-02-30\n  other:t: !x y\n  other:u: 1\t# tab\n",
        pytest.param("---\nanother: [document\n", marks=pytest.mark.case),
    ],
    ids=["keys", "document"],
)
def test_foreign_part_of_a_file_ends_no_run(lines: str, project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    path = project.folder / "stacks" / "Pulumi.dev.yaml"
    text = path.read_text()
    path.write_text(
        text + lines if lines.startswith("---") else text.replace("config:\n", f"config:\n{lines}")
    )
    output = project.up().output
    assert "Traceback" not in output
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.case
def test_secret_that_looks_like_a_tag_is_refused_and_not_shown(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    path = project.folder / "stacks" / "Pulumi.dev.yaml"
    text = path.read_text()
    path.write_text(
        text.replace("client_secret:\n        from_env: XERO_CLIENT_SECRET", "client_secret: !Made-Up-S3cret")
    )
    assert path.read_text() != text
    output = project.up(code=None).output
    assert "Traceback" not in output
    assert "Made-Up-S3cret" not in output
    assert emulator.calls == []
