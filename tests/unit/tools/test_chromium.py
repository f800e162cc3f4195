"""Which Chromium is taken or installed, with commands and a Playwright that do what the test says."""

import os
import sys
from pathlib import Path

import pytest

from tools import chromium

# Succeeds for `install` by putting a browser in its place, as Playwright's installer does.
INSTALLER = """#!/bin/sh
echo "playwright $@" >>"{log}"
[ -e "{fails}" ] && echo "Error: getaddrinfo ENOTFOUND" && exit 1
printf '#!/bin/sh\\n{browser}\\n' >"{path}"; /bin/chmod +x "{path}"
"""
APT = """#!/bin/sh
echo "apt-get $1" >>"{log}"
[ -e "{fails}.apt" ] && echo "E: Unable to locate package chromium" && exit 100
if [ "$1" = install ]; then printf '#!/bin/sh\\n' >"{bin}/chromium"; /bin/chmod +x "{bin}/chromium"; fi
"""


class Machine:
    """A machine without a Chromium, whose installers are scripts."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self._log, self._fails = folder / "log", folder / "fails"
        self.downloaded = folder / "downloaded"
        self._monkeypatch = monkeypatch
        self._installer = folder / "installer"
        monkeypatch.setenv("PATH", str(self.bin))
        monkeypatch.setattr(chromium, "NAMES", ("chromium",))
        monkeypatch.setattr(chromium, "PLAYWRIGHT", [str(self._installer)])
        monkeypatch.setattr(
            chromium, "of_playwright", lambda: str(self.downloaded) if self.downloaded.exists() else None
        )
        self.user(0)
        self.browser("exit 0")

    def user(self, number: int) -> None:
        self._monkeypatch.setattr(os, "geteuid", lambda: number)

    def script(self, path: Path, text: str, browser: str = "") -> None:
        names = {"log": self._log, "fails": self._fails, "bin": self.bin, "path": self.downloaded}
        path.write_text(text.format(browser=browser, **names))
        path.chmod(0o755)

    def browser(self, script: str) -> None:
        """What Playwright's installer puts there."""
        self.script(self._installer, INSTALLER, script)

    def apt(self) -> None:
        self.script(self.bin / "apt-get", APT)

    def fail(self, installer: str = "") -> None:
        Path(f"{self._fails}{installer}").touch()

    @property
    def installed(self) -> list[str]:
        return self._log.read_text().splitlines() if self._log.exists() else []


DOWNLOAD = ["playwright install --no-shell chromium"]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def path_of(capsys: pytest.CaptureFixture[str]) -> str:
    """The path that the command prints, with nothing else on its standard output."""
    chromium.main()
    [line] = capsys.readouterr().out.splitlines()
    return line


def test_chromium_on_path_is_taken(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.script(machine.bin / "chromium", "#!/bin/sh\n")
    machine.downloaded.touch()
    assert path_of(capsys) == str(machine.bin / "chromium")
    assert machine.installed == []


def test_chromium_of_playwright_is_taken(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.apt()
    machine.downloaded.touch()
    assert path_of(capsys) == str(machine.downloaded)
    assert machine.installed == []


def test_chromium_is_debians_for_root(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.apt()
    assert path_of(capsys) == str(machine.bin / "chromium")
    assert machine.installed == ["apt-get update", "apt-get install"]


def test_chromium_is_playwrights_without_root(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.apt()
    machine.user(1000)
    assert path_of(capsys) == str(machine.downloaded)
    assert machine.installed == DOWNLOAD


def test_chromium_is_playwrights_without_apt(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert path_of(capsys) == str(machine.downloaded)
    assert machine.installed == DOWNLOAD


def test_chromium_is_playwrights_if_apt_fails(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.apt()
    machine.fail(".apt")
    assert path_of(capsys) == str(machine.downloaded)
    assert machine.installed == ["apt-get update", *DOWNLOAD]


def refusal() -> str:
    with pytest.raises(SystemExit) as refused:
        chromium.main()
    return str(refused.value)


def test_failed_download_says_what_to_install(machine: Machine) -> None:
    machine.fail()
    said = refusal()
    assert "install --no-shell chromium: Error: getaddrinfo ENOTFOUND\n" in said
    assert said.endswith("Install your system's package `chromium`, so that it is on PATH.")


def test_missing_library_names_the_command(machine: Machine) -> None:
    machine.browser("echo libnss3.so: cannot open shared object file; exit 127")
    said = refusal()
    assert "libnss3.so: cannot open" in said
    assert "playwright install-deps chromium" in said


def test_missing_installer_is_no_traceback(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "PLAYWRIGHT", ["/nowhere/playwright"])
    assert "/nowhere/playwright install --no-shell chromium: No such file or directory" in refusal()


def test_installer_is_that_of_this_python() -> None:
    assert [sys.executable, "-m", "playwright"] == chromium.PLAYWRIGHT


def test_path_of_playwrights_chromium_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    assert chromium.of_playwright() is None
