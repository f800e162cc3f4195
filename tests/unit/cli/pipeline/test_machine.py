"""Which backend a pipeline gets from the machine on which it is written."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.pipeline.machine import current_login, with_backend
from rootfi_pulumi.cli.pipeline.options import Options, PipelineError
from tests.support.distribution.own_repository import write_repository


def login(folder: Path, text: str) -> dict[str, str]:
    """Write the file that `pulumi login` writes; return the environment that leads to it."""
    folder.mkdir(exist_ok=True)
    (folder / "credentials.json").write_text(text)
    return {"PULUMI_HOME": str(folder)}


@pytest.mark.parametrize(
    ("option", "variable", "project", "current", "expected"),
    [
        ("gs", "s3://a", "postgres://b", "file://~", "gs"),
        ("", "s3://a", "postgres://b", "file://~", "s3"),
        ("", "postgres://a", "postgres://b", "file://~", ""),
        ("", "", "postgres://b", "file://~", ""),
        ("", "s3://a", "", "file://~", "s3"),
        ("", "", "", "file://~", "file"),
        ("", "", "", "https://api.pulumi.com", "cloud"),
        ("", "", "", "https://pulumi.acme.com", "https"),
    ],
)
def test_backend_is_the_one_that_pulumi_would_use(  # noqa: PLR0913, PLR0917 (a source each)
    option: str, variable: str, project: str, current: str, expected: str, tmp_path: Path
) -> None:
    root = write_repository(tmp_path, backend=project)
    environ = login(tmp_path / "home", f'{{"current": "{current}"}}') | {"PULUMI_BACKEND_URL": variable}
    assert with_backend(Options(backend=option), root, environ).backend == expected


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"current": ""}', '{"current": 1}', '{"current": "x"}'])
def test_login_that_cannot_be_read_is_no_login(text: str, tmp_path: Path) -> None:
    assert current_login(login(tmp_path, text)) == ""


def test_login_is_read_where_pulumi_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert current_login({}) == ""
    login(tmp_path / ".pulumi", '{"current": "gs://home"}')
    assert current_login({}) == "gs://home"
    environ = login(tmp_path / "other", '{"current": "gs://other"}')
    assert current_login(environ) == "gs://other"
    assert current_login(environ | {"PULUMI_CREDENTIALS_PATH": str(tmp_path / ".pulumi")}) == "gs://home"


def test_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"no Pulumi\.yaml here or above"):
        with_backend(Options(), tmp_path, {})
