import pytest

from tools.release.metadata import declared_version, template_problems, version_problems


def test_version_is_that_of_the_project() -> None:
    assert declared_version('[tool.x]\nversion = "9"\n[project]\nversion = "0.2.0"\n') == "0.2.0"


@pytest.mark.parametrize("release", ["", "0.2.0", "v0.2.0"])
@pytest.mark.parametrize("tags", [[], ["v0.2.0"]])
def test_version_may_be_released_with_its_tag(tags: list[str], release: str) -> None:
    assert list(version_problems("0.2.0", tags, release)) == []


@pytest.mark.parametrize("tag", ["v0.1.0", "v0.2.0rc1", "v0.2", "v2"])
def test_another_tag_is_a_problem(tag: str) -> None:
    [problem] = version_problems("0.2.0", ["v0.2.0", tag], "")
    assert problem.startswith(f"HEAD has the tag {tag}:")


@pytest.mark.parametrize("release", ["0.1.0", "v0.3.0", "0.2", "nonsense"])
def test_another_release_is_a_problem(release: str) -> None:
    [problem] = version_problems("0.2.0", [], release)
    assert problem.startswith(f"the release is {release}:")


@pytest.mark.parametrize("version", ["0.2", "0.2.0.dev1", "01.0.0", "0.2.0-rc.1"])
def test_version_must_be_three_numbers(version: str) -> None:
    [problem] = version_problems(version, [], "")
    assert "SemVer" in problem


@pytest.mark.parametrize(
    "line",
    [
        "rootfi-pulumi[cli,emulator]==0.2.0",
        "rootfi-pulumi == 0.2.0  # or a tag",
        "rootfi-pulumi==0.2.0 \\",
        "rootfi-pulumi @ git+https://git.example/rootfi-pulumi@v0.2.0",
        "# rootfi-pulumi==0.1.0",
        "pulumi==3.272.0",
        "",
    ],
)
def test_template_may_pin_the_version(line: str) -> None:
    assert list(template_problems("0.2.0", f"# packages\n{line}\n")) == []


@pytest.mark.parametrize(
    "line",
    [
        "rootfi-pulumi[cli,emulator]==0.2.01",
        "rootfi-pulumi[cli]==0.1.0",
        "rootfi-pulumi>=0.2.0",
        "rootfi-pulumi",
        "rootfi-pulumi @ git+https://git.example/rootfi-pulumi@main",
    ],
)
def test_template_with_another_version_is_a_problem(line: str) -> None:
    expected = f"template/requirements.txt has `{line}`: pin 0.2.0"
    assert list(template_problems("0.2.0", f"# packages\n{line}\n")) == [expected]
