from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor import tools
from rootfi_pulumi.cli.doctor.finding import Status
from tests.support.systems import POSIX

pytestmark = POSIX


@pytest.mark.parametrize("script", ["exit 0", "echo no port", "echo 1"])
def test_a_language_host_that_does_not_answer_is_not_checked(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pulumi", "pulumi-language-python"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = tools.check_language_host(None)
    assert found.status is Status.NOT_CHECKED
    assert found.message == f"{tmp_path}/pulumi-language-python does not report its version"


# What `pulumi about --json` prints, by name, with what is found.
ABOUT = {
    "not JSON": ("", Status.NOT_CHECKED),
    "no object": ("[]", Status.NOT_CHECKED),
    "nothing": ("{}", Status.NOT_CHECKED),
    "no plugin": ('{"plugins": null, "errors": []}', Status.NOT_CHECKED),
    "no errors": ('{"plugins": [{"name": "nodejs"}]}', Status.NOT_CHECKED),
    "old": ('{"plugins": [{"name": "python", "version": "3.1.0"}]}', Status.PROBLEM),
    "new": ('{"plugins": [{"name": "python", "version": "3.999.0"}]}', Status.OK),
    "none": ('{"plugins": null, "errors": ["no \'pulumi-language-python\' found"]}', Status.PROBLEM),
}


@pytest.mark.parametrize(("printed", "status"), ABOUT.values(), ids=ABOUT)
def test_language_host_is_that_of_about(
    printed: str, status: Status, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pulumi").write_text(f"#!/bin/sh\ncat <<'END'\n{printed}\nEND\n".replace("cat", "/bin/cat"))
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = tools.check_language_host(None)
    assert found.status is status, found
    assert bool(found.remedy) == (status is Status.PROBLEM)


def test_language_host_that_about_cannot_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pulumi").write_text("#!/bin/sh\necho error: no backend >&2\nexit 1\n")
    (tmp_path / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = tools.check_language_host(None)
    assert found.status is Status.NOT_CHECKED
    assert found.message.endswith("Pulumi reports no version: pulumi about: no backend")
