"""The programs that a run consists of: the Pulumi command, its language host for Python, and the SDK."""

import shlex
import shutil
import subprocess
from pathlib import Path
from threading import Timer
from typing import IO, Any, cast

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

from rootfi_pulumi import pulumi_cli
from rootfi_pulumi.diagnosis.finding import Finding, not_checked, ok, problem
from rootfi_pulumi.diagnosis.versions import CLI, SDK, SDK_REQUIREMENT, suits
from rootfi_pulumi.project import Project
from rootfi_pulumi.pulumi_cli import PulumiError

_HOST = "pulumi-language-python"
_VERSION_OF_SDK = "from importlib.metadata import version; print(version('pulumi'))"
# Seconds; for a start of Python or of the language host on a busy machine.
_PATIENCE = 30
# The host is given the engine's address, and asks for the engine minutes later, when it has long ended.
_NO_ENGINE = "127.0.0.1:1"


def command_line(project: Project | None) -> Finding:
    """Find `pulumi` on PATH, in a version that works."""
    subject = "Pulumi CLI"
    try:
        version = pulumi_cli.run("version").strip()
    except PulumiError as error:
        return problem(subject, str(error), *_install(project))
    return _of_version(subject, version, project)


def language_host(project: Project | None) -> Finding:
    """Find the host beside the command or on PATH, in a version that works."""
    subject = "language host"
    command = shutil.which("pulumi")
    if not command:
        return not_checked(subject, "it comes with `pulumi`")
    folders = (Path(command).parent, Path(command).resolve().parent)
    host = next((folder / _HOST for folder in folders if (folder / _HOST).exists()), shutil.which(_HOST))
    if host is None:
        return problem(subject, f"no {_HOST} beside {command} or on PATH", *_install(project))
    try:
        version = _host_version(host)
    except (OSError, ValueError, grpc.RpcError):
        return not_checked(subject, f"{host} does not say its version")
    return _of_version(subject, version, project)


def _of_version(subject: str, version: str, project: Project | None) -> Finding:
    if suits(version, CLI):
        return ok(subject, version)
    needed = f"this needs {CLI} or newer, of the same major version"
    return problem(subject, f"is {version}: {needed}", *_install(project))


def sdk(project: Project | None) -> Finding:
    """Find the package `pulumi` where the project's program runs."""
    subject = "Pulumi SDK"
    if project is None:
        return not_checked(subject, "there is no project")
    python = _python_of(project)
    if python is None:
        return not_checked(subject, "the project's Python is one that only its toolchain knows")
    if not Path(python).exists():
        remedy = "let Pulumi install what the project needs"
        return problem(subject, f"there is no {python}", remedy, _in(project, "pulumi install"))
    version = _printed([python, "-c", _VERSION_OF_SDK])
    if not suits(version, SDK):
        found = f"is {version}" if version else "is not installed"
        command = f"{shlex.quote(python)} -m pip install {shlex.quote(SDK_REQUIREMENT)}"
        return problem(subject, f"{found}, for {python}", "install it where the program runs", command)
    return ok(subject, version)


def _install(project: Project | None) -> tuple[str, str]:
    if project and (project.folder / "tools" / "pulumi" / "install.py").exists():
        command = f"make -s -C {shlex.quote(str(project.folder))} pulumi-path"
        return "use the one that this repository installs", f'export PATH="$({command}):$PATH"'
    command = "curl -fsSL https://get.pulumi.com | sh"
    return "install Pulumi", f'{command} && export PATH="$HOME/.pulumi/bin:$PATH"'


def _in(project: Project, command: str) -> str:
    return command if project.folder == Path.cwd() else f"cd {shlex.quote(str(project.folder))} && {command}"


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


def _python_of(project: Project) -> str | None:
    runtime = project.settings.get("runtime")
    options: dict[str, Any] = {}
    if isinstance(runtime, dict):
        options = runtime.get("options") or {}
        runtime = runtime.get("name")
    if runtime != "python" or options.get("toolchain", "pip") != "pip":
        return None
    if options.get("virtualenv"):
        return str(project.folder / str(options["virtualenv"]) / "bin" / "python")
    return shutil.which("python3")


def _printed(command: list[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (the project's own Python)
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
