"""Names of projects and stacks: Pulumi's rules, the default, and YAML."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.cli.init.names import default_project, in_yaml, project_problem, stack_problem
from rootfi_pulumi.cli.pipeline.options import STACK_NAME
from rootfi_pulumi.project import engine_yaml

NAMES = st.from_regex(r"[A-Za-z0-9_.-]{1,20}", fullmatch=True)
ODD = [
    "on",
    "No",
    "null",
    "~",
    "1.0",
    "1e5",
    "0o17",
    ".inf",
    "1_000",
    "2024-01-02",
    "-",
    "---",
    "_",
    "y",
    "=",
]


def as_the_engine_reads(text: str) -> object:
    root = engine_yaml.compose(text)
    return root and engine_yaml.plain(root)


@pytest.mark.parametrize("name", ["a", "1.0", "null", "rootfi_pulumi", "a" * 100])
def test_project_name_of_pulumi_is_accepted(name: str) -> None:
    assert project_problem(name) is None


@pytest.mark.parametrize("name", ["", "a b", "a/b", "é", "a" * 101, "a\n"])
def test_name_that_pulumi_rejects_is_rejected(name: str) -> None:
    assert project_problem(name)
    assert stack_problem(name)


@pytest.mark.parametrize("name", ["-", "-x", "--stack", "-1.0"])
def test_stack_that_commands_take_for_an_option_is_rejected(name: str) -> None:
    assert "option" in str(stack_problem(name))


@given(NAMES)
def test_stack_name_is_one_that_the_pipeline_accepts(name: str) -> None:
    assert (stack_problem(name) is None) == bool(STACK_NAME.fullmatch(name))


@pytest.mark.parametrize("name", ["pulumi", "Pulumi", "pulumi.x"])
def test_reserved_project_name_is_rejected(name: str) -> None:
    assert "reserves" in str(project_problem(name))
    assert stack_problem(name) is None


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("integrations", "integrations"),
        ("my app (é)", "myapp"),
        ("", "rootfi"),
        ("éé", "rootfi"),
        ("pulumi", "rootfi"),
    ],
)
def test_default_name_is_a_valid_form_of_the_folders(folder: str, name: str) -> None:
    assert default_project(folder) == name
    assert project_problem(name) is None


@given(NAMES | st.sampled_from([each for each in ODD if project_problem(each) is None]))
def test_name_is_text_in_yaml(name: str) -> None:
    document = f"name: {in_yaml(name)}\n"
    assert yaml.safe_load(document) == {"name": name}
    assert as_the_engine_reads(document) == {"name": name}


def test_plain_name_has_no_quotes() -> None:
    assert in_yaml("my-app_2") == "my-app_2"
