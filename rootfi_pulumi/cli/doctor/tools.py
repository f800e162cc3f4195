"""Checks the Pulumi CLI and its language host for Python."""

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

from rootfi_pulumi.cli.doctor.finding import Finding, Subject, not_checked, ok, problem
from rootfi_pulumi.cli.doctor.versions import CLI, is_supported, needed
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

_HOST = "pulumi-language-python"
# Its virtual environment does not exist, so that Pulumi lists no packages.
_ANY_PROJECT = (
    '{"name": "any", "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": "none"}}}'
)
# Seconds, enough for Python or the language host to start on a busy machine.
_PATIENCE = 30
# The host requires the address of an engine, but first connects to it after minutes.
_NO_ENGINE = "127.0.0.1:1"


def check_cli(project: Project | None) -> Finding:
    """Check that `pulumi` is on PATH, in a supported version."""
    try:
        version = pulumi_cli.run("version").strip()
    except PulumiError as error:
        return problem(Subject.CLI, str(error), *_install(project))
    return _check_version(Subject.CLI, version, project)


def check_language_host(project: Project | None) -> Finding:
    """Check that the engine finds a language host, in a supported version."""
    command = shutil.which("pulumi")
    if not command:
        return not_checked(Subject.LANGUAGE_HOST, "requires `pulumi`")
    host = _host(command)
    try:
        version = _host_version(host) if host else _version_by_engine()
    except _NoHostError:
        why = f"{_HOST} is not next to `pulumi` or on PATH"
        return problem(Subject.LANGUAGE_HOST, why, *_install(project))
    except (OSError, ValueError, grpc.RpcError, PulumiError) as error:
        why = f"{host} does not report its version"
        if not host:
            why = f"{_HOST} is not next to {command} or on PATH, and Pulumi reports no version: {error}"
        return not_checked(Subject.LANGUAGE_HOST, why)
    return _check_version(Subject.LANGUAGE_HOST, version, project)


def _host(command: str) -> str | None:
    """Return the host by the engine's rules, or None where they depend on what program `pulumi` is."""
    on_path = None if os.environ.get("PULUMI_IGNORE_AMBIENT_PLUGINS") else shutil.which(_HOST)
    return on_path or shutil.which(_HOST, path=str(Path(command).resolve().parent))


class _NoHostError(Exception):
    """The engine found no language host."""


def _version_by_engine() -> str:
    """Return the version of the host that the engine finds, for a `pulumi` that is a script.

    Raises _NoHostError if there is none, and PulumiError or ValueError if the engine does not report it.
    """
    with tempfile.TemporaryDirectory(prefix="rootfi-pulumi-") as folder:
        # In the user's project, Pulumi would prepare the environment and list its packages, for seconds.
        (Path(folder) / "Pulumi.yaml").write_text(_ANY_PROJECT)
        about = json.loads(pulumi_cli.run("about", "--json", "--cwd", folder))
    try:
        versions = [each["version"] for each in about["plugins"] or () if each["name"] == "python"]
        if not versions and any(_HOST in each for each in about["errors"]):
            raise _NoHostError
        return str(versions[0])
    except (KeyError, TypeError, IndexError):
        raise ValueError("pulumi about --json has no such version") from None


def _check_version(subject: Subject, version: str, project: Project | None) -> Finding:
    if is_supported(version, CLI):
        return ok(subject, version)
    return problem(subject, f"is {version}: {needed(CLI)}", *_install(project))


def _install(project: Project | None) -> tuple[str, str]:
    if project and (project.folder / "tools" / "pulumi" / "install.py").exists():
        command = f"make -s -C {shlex.quote(str(project.folder))} pulumi-path"
        return "use the CLI that this repository installs", f'export PATH="$({command}):$PATH"'
    command = "curl -fsSL https://get.pulumi.com | sh"
    return "install Pulumi", f'{command} && export PATH="$HOME/.pulumi/bin:$PATH"'


def _host_version(host: str | Path) -> str:
    # `pulumi about` reports it too, but lists every package, which takes longer than all other checks.
    with subprocess.Popen(  # noqa: S603 (the host that `pulumi` starts)
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
