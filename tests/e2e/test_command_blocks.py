"""Every block of the documentation does what it says, against an emulator and with the real engine."""

import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import trustme

from rootfi_pulumi.emulator import Emulator
from tests.support.distribution.clone import clone
from tests.support.distribution.installation import UV, build_wheel
from tests.support.documents.blocks import DOCUMENTS, Block, read
from tests.support.documents.script import (
    ELSEWHERE,
    NOT_RUN,
    SHOWN,
    STACK,
    STARTS,
    WRITES,
    Unaccounted,
    script,
    substituted,
    transcript,
    variables_that_are_named,
)
from tests.support.patience import PATIENCE
from tests.support.ports import reserved_port
from tests.support.pulumi_project import REPOSITORY
from tests.support.session_folder import made_once
from tests.support.tls_relay import corporate_proxy

pytestmark = pytest.mark.package

BLOCKS = [block for document in DOCUMENTS for block in read(document)]
TO_RUN = [block for block in BLOCKS if block.document not in ELSEWHERE and block.language not in SHOWN]
POETRY = "--from poetry==2.4.1 poetry"
STAND_INS = {
    "python3": f'exec {shlex.quote(sys.executable)} "$@"',
    "rootfi-pulumi": f'PYTHONPATH=$CLONE exec {shlex.quote(sys.executable)} -m rootfi_pulumi.cli "$@"',
    "uv": f'exec {shlex.quote(str(UV))} "$@"',
    "pre-commit": f'exec {shlex.quote(str(Path(sys.executable).with_name("pre-commit")))} "$@"',
    "vault": "echo secret-of-the-vault",
    "poetry": f'exec {shlex.quote(str(UV))} tool run --quiet --python {shlex.quote(sys.executable)} {POETRY} "$@"',
}


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package's wheel, which no index has."""
    return made_once(tmp_path_factory, "wheel", build_wheel)


@pytest.fixture
def work(tmp_path: Path, emulator: Emulator) -> Path:
    """The folder that holds the clone."""
    clone(tmp_path / "work" / "rootfi-pulumi", emulator.url)
    return tmp_path / "work"


@pytest.fixture
def variables(work: Path, emulator: Emulator, api_key: str) -> Iterator[dict[str, str]]:
    lock = shlex.quote(str(REPOSITORY / "requirements-dev.txt"))
    uv = f"{shlex.quote(str(UV))} pip install --quiet --python .venv/bin/python"
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(work / "ca.pem"))
    hosts = ["api.rootfi.dev", "api.sa.rootfi.dev"]
    with reserved_port() as port, corporate_proxy(emulator.url, authority, hosts) as proxy:
        yield {
            "PROXY": proxy,
            "CA_FILE": str(work / "ca.pem"),
            "EMULATOR": emulator.url,
            "FREE_PORT": str(port),
            "INSTALL": f"{uv} --constraint {lock} --no-verify-hashes",
            "API_KEY": api_key,
            "OTHER_KEY": emulator.add_organisation(),
            "WORK": str(work),
            "CLONE": str(work / "rootfi-pulumi"),
        }


@pytest.fixture
def reader(
    tmp_path: Path, environ: dict[str, str], variables: dict[str, str], api_key: str, wheels: Path
) -> dict[str, str]:
    """The environment of somebody who does what a document says."""
    home, stand_ins, shown = (tmp_path / name for name in ("home", "stand-ins", "shown"))
    for folder in (home, stand_ins, shown):
        folder.mkdir()
    for name, line in STAND_INS.items():
        (stand_ins / name).write_text(f"#!/bin/sh\n{line}\n")
        (stand_ins / name).chmod(0o755)
    stacks = (path.read_text() for path in (REPOSITORY / "stacks").glob("*.yaml"))
    named = variables_that_are_named([*stacks, *(block.text for block in BLOCKS), STACK])
    cache = subprocess.run([UV, "cache", "dir"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    del environ["PYTHONPATH"]
    return environ | variables | dict.fromkeys(named, "secret-of-nobody") | {
        "PATH": f"{stand_ins}{os.pathsep}{environ['PATH']}",
        "HOME": str(home),
        "UV_CACHE_DIR": cache,
        "UV_FIND_LINKS": str(wheels),
        "UV_PYTHON": sys.executable,
        "PULUMI_HOME": str(tmp_path / "pulumi-home"),
        "PULUMI_BACKEND_URL": home.as_uri(),
        "PULUMI_SKIP_CONFIRMATIONS": "true",
        "ROOTFI_BASE_URL": variables["EMULATOR"],
        "ROOTFI_API_KEY": api_key,
        "SHOWN": str(shown),
        **{f"GIT_{who}_{what}": "reader@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip


def run(text: str, folder: Path, environ: dict[str, str]) -> tuple[int, str]:
    """Run the script, and end what it left in the background; return its exit code and output."""
    with tempfile.TemporaryFile() as output:
        bash = subprocess.Popen(
            ["bash", "-c", text],
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = bash.wait(5 * PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(bash.pid, signal.SIGTERM)
        output.seek(0)
        return code, output.read().decode()


def matches(shown: str, output: str) -> bool:
    """Compare; `…` in a document stands for whatever is there."""
    pattern = ".*".join(map(re.escape, shown.strip().split("…")))
    return re.fullmatch(pattern, output.strip(), re.DOTALL) is not None


@pytest.mark.parametrize("document", sorted({block.document for block in TO_RUN}))
def test_a_documents_blocks_do_what_they_say(
    document: str, work: Path, variables: dict[str, str], reader: dict[str, str], emulator: Emulator
) -> None:
    blocks = [substituted(block, variables) for block in TO_RUN if block.document == document]
    code, output = run(script(blocks), work / STARTS.get(document, "rootfi-pulumi"), reader)
    assert code == 0, "the block at " + output.rpartition("\n=== ")[2]
    for block in blocks:
        if block.language == "console":
            for index, (command, shown) in enumerate(transcript(block)):
                printed = Path(reader["SHOWN"], f"{block.line}-{index}").read_text()
                assert matches(shown, printed), f"{block}: {command} prints\n{printed}"
    if document in WRITES:
        methods = Counter(call.partition(" ")[0] for call in emulator.calls)
        del methods["GET"]
        assert methods == WRITES[document]


def test_what_is_not_run_is_there() -> None:
    written = {(block.document, block.first_line) for block in BLOCKS}
    assert set(NOT_RUN) <= written
    assert set(WRITES) <= {block.document for block in TO_RUN}
    assert set(ELSEWHERE) <= {block.document for block in BLOCKS}
    assert all((REPOSITORY / test).exists() for test in ELSEWHERE.values())


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("console", "make demo\n"),
        ("", "make demo\n"),
        ("bash", "make demo\n"),
        ("yaml", "a: mapping\n"),
        ("yaml", "# a remark\n- 1\n"),
    ],
    ids=[
        "console without a command",
        "unlabelled",
        "another language",
        "yaml of nothing",
        "yaml with a remark",
    ],
)
def test_a_block_that_nothing_executes_is_reported(language: str, text: str) -> None:
    with pytest.raises(Unaccounted, match=r"README\.md:7: nothing executes this block"):
        script([Block("README.md", 7, language, text)])


@pytest.mark.parametrize(
    ("shown", "output", "same"),
    [
        ("a\nb\n", "a\nb\n\n", True),
        ("a\n", "a\nb\n", False),
        ("id …\nend\n", "id 12\n34\nend", True),
        ("…b\n", "a", False),
    ],
)
def test_an_output_is_what_is_shown_but_for_what_is_left_out(shown: str, output: str, same: bool) -> None:
    assert matches(shown, output) == same
