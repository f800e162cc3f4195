"""The programs that a run consists of: the Pulumi command, and its language host for Python."""

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from threading import Timer
from typing import IO, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

from rootfi_pulumi.cli.doctor.finding import Finding, not_checked, ok, problem
from rootfi_pulumi.cli.doctor.versions import CLI, is_supported
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

_HOST = "pulumi-language-python"
# Its environment does not exist, so that nothing is listed.
_ANY_PROJECT = (
    '{"name": "any", "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": "none"}}}'
)
# Seconds; for a start of Python or of the language host on a busy machine.
_PATIENCE = 30
# The host is given the engine's address, and asks for the engine minutes later, when it has long ended.
_NO_ENGINE = "127.0.0.1:1"


def check_cli(project: Project | None) -> Finding:
    """Find `pulumi` on PATH, in a version that works."""
    subject = "Pulumi CLI"
    try:
        version = pulumi_cli.run("version").strip()
    except PulumiError as error:
        return problem(subject, str(error), *_install(project))
    return _of_version(subject, version, project)


def check_language_host(project: Project | None) -> Finding:
    """Find the host that the engine would start, in a version that works."""
    subject = "language host"
    command = shutil.which("pulumi")
    if not command:
        return not_checked(subject, "it comes with `pulumi`")
    host = _host(command)
    try:
        version = _host_version(host) if host else _version_by_engine()
    except _NoHostError:
        return problem(subject, f"no {_HOST} next to `pulumi` or on PATH", *_install(project))
    except (OSError, ValueError, grpc.RpcError, PulumiError) as error:
        if host:
            return not_checked(subject, f"{host} does not say its version")
        return not_checked(
            subject, f"there is none next to {command} or on PATH, and to ask Pulumi fails: {error}"
        )
    return _of_version(subject, version, project)


def _host(command: str) -> str | None:
    """Return the host by the engine's rules, as far as they do not depend on which program `pulumi` is."""
    sibling = Path(command).resolve().parent / _HOST
    on_path = None if os.environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS") else shutil.which(_HOST)
    return on_path or (str(sibling) if sibling.exists() else None)


class _NoHostError(Exception):
    """The engine has looked and found none."""


def _version_by_engine() -> str:
    """Return the version of the host that the engine starts, where a script starts the engine.

    Raises _NoHostError, and PulumiError or ValueError if the engine cannot say it.
    """
    with tempfile.TemporaryDirectory(prefix="rootfi-pulumi-") as folder:
        # Of the user's project, Pulumi would prepare the environment and list its packages, for seconds.
        (Path(folder) / "Pulumi.yaml").write_text(_ANY_PROJECT)
        about = json.loads(pulumi_cli.run("about", "--json", "--cwd", folder))
    try:
        versions = [each["version"] for each in about["plugins"] or () if each["name"] == "python"]
        if not versions and any(_HOST in each for each in about["errors"]):
            raise _NoHostError
        return str(versions[0])
    except (KeyError, TypeError, IndexError):
        raise ValueError("pulumi about --json does not say it") from None


def _of_version(subject: str, version: str, project: Project | None) -> Finding:
    if is_supported(version, CLI):
        return ok(subject, version)
    needed = f"this needs {CLI} or newer, of the same major version"
    return problem(subject, f"is {version}: {needed}", *_install(project))


def _install(project: Project | None) -> tuple[str, str]:
    if project and (project.folder / "tools" / "pulumi" / "install.py").exists():
        command = f"make -s -C {shlex.quote(str(project.folder))} pulumi-path"
        return "use the one that this repository installs", f'export PATH="$({command}):$PATH"'
    command = "curl -fsSL https://get.pulumi.com | sh"
    return "install Pulumi", f'{command} && export PATH="$HOME/.pulumi/bin:$PATH"'


def _host_version(host: str | Path) -> str:
    # As the engine asks. `pulumi about` also lists every package, which takes longer than all else does.
    with subprocess.Popen(  # noqa: S603 (the host that `pulumi` itself starts)
        [host, _NO_ENGINE],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        limit = Timer(_PATIENCE, process.kill)
        limit.start()
        try:
            address = f"127.0.0.1:{int(cast('IO[str]', process.stdout).readline())}"
            with grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)]) as channel:
                return str(LanguageRuntimeStub(channel).GetPluginInfo(Empty(), timeout=_PATIENCE).version)
        finally:
            limit.cancel()
            process.kill()
