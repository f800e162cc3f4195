"""Makes of a document one bash script that does what each of its blocks says, in order."""

import json
import re
import shlex
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from tests.support.distribution.clone import ROOTFI
from tests.support.documents.blocks import Block

# The reader's folder, relative to the one that holds the clone. By default it is the clone.
STARTS = {"docs/start.md": ".", "docs/toolchains.md": "."}

PROJECT = f"""\
name: program
runtime: {{name: python, options: {{virtualenv: {json.dumps(sys.prefix)}}}}}
"""
STACK = """\
config:
  rootfi:integrations:
    wave: {integration_type: WAVE, client_id: wave-app, client_secret: {from_env: WAVE_CLIENT_SECRET}}
"""
NETWORK = (
    "no_proxy",
    "NO_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
)
# What a reader of the page has done before.
PREPARED = {
    "docs/automation.md": "export PYTHONPATH=$CLONE",
    "docs/programs.md": "export PYTHONPATH=$CLONE",
    "docs/emulator.md": "pulumi stack init dev",
    "docs/secrets.md": "pulumi stack select --create prod",
    "docs/network.md": f"""
        unset ROOTFI_BASE_URL {" ".join(NETWORK)}
        sed -i "s#$EMULATOR#{ROOTFI}#" stacks/*.yaml
        pulumi stack init dev""",
    "docs/pipelines.md": "pulumi stack init dev",
    "docs/upgrading.md": "pulumi stack init dev; pulumi up --yes --skip-preview",
    "docs/testing.md": "pulumi stack init dev",
    "docs/toolchains.md": f"""
        git -C $CLONE init --quiet; git -C $CLONE add --all
        git -C $CLONE commit --quiet --message all; git -C $CLONE tag v0.1.0
        export ROOTFI_PULUMI=git+file://$CLONE@v0.1.0
        for project in with-uv with-poetry with-pip; do
            mkdir $project; cp $CLONE/__main__.py $project
            printf %s {shlex.quote(STACK)} >$project/Pulumi.dev.yaml
            printf '[project]\\nname = "p"\\nversion = "0"\\nrequires-python = ">=3.11"\\ndependencies = []\\n' \\
                >$project/pyproject.toml
        done
        printf '[tool.poetry]\\npackage-mode = false\\n' >>with-poetry/pyproject.toml
        rm with-pip/pyproject.toml""",
    "docs/report.md": """
        export GITHUB_STEP_SUMMARY=$PWD/summary.md
        for stack in dev staging prod; do pulumi stack init $stack; done""",
}

# What a reader writes at RootFi: nothing for an integration that is renamed, moved or deployed again.
WRITES = {
    "docs/automation.md": {"POST": 4, "PUT": 1},
    "docs/network.md": {"POST": 3},
    "docs/programs.md": {"POST": 5},
    "docs/toolchains.md": {"POST": 3},
}

# Documents whose blocks are compared with the program elsewhere.
ELSEWHERE = {"docs/cli.md": "tests/unit/tools/test_cli_docs.py"}

# Blocks that nothing executes, by document and first line, and why.
NOT_RUN = {
    ("docs/secrets.md", "values:"): "Pulumi ESC is a service of Pulumi's cloud; only that it is YAML is seen",
    ("docs/kubernetes-operator.md", "apiVersion: pulumi.com/v1"): "needs a cluster; only YAML is seen",
}

# Languages of what is shown, not run.
SHOWN = {"text", "json", "markdown", "mermaid"}

# What is run otherwise than it is written: a pattern, what it becomes, and why. The variables are those
# of test_command_blocks.py.
SUBSTITUTIONS = (
    (re.escape(ROOTFI), "$EMULATOR", "no test asks the real RootFi"),
    (r"unset ROOTFI_BASE_URL\b", "export ROOTFI_BASE_URL=$EMULATOR; unset", "as above"),
    (r"rootfi-pulumi/\.venv/bin/(?=rootfi-pulumi\b)", "", "the tests' own environment does not have the command"),
    (r"/etc/ssl/certs/corporate-ca\.pem", "$CA_FILE", "the test makes a CA"),
    (r"http://proxy\.example:3128", "$PROXY", "the test serves a proxy, which has the addresses of RootFi"),
    (r"\b8080\b", "$FREE_PORT", "several tests run at once"),
    (r"pulumi login …", "pulumi login file://$HOME", "the reader chooses a backend"),
    (r"file://~", "file://$HOME", "Pulumi asks the system for ~, which HOME does not change"),
    (r"\bmake (?=(play|pictures|test|test-\w+|soak|bench|lint|setup|lock|release-check|clean)\b)", "make -n ", "minutes long, without an end, or the tests themselves"),
    (r"-m pytest\b", "-m pytest --collect-only", "as above"),
    (
        r"\bpoetry add (--directory \S+)",
        (
            r"poetry source add \1 --priority=primary simple ${PIP_INDEX_URL:-$(python3 -c '"
            r"from pip._internal.models.index import PyPI; print(PyPI.simple_url)')}; poetry add \1"
        ),
        "a mirror may lack the JSON that poetry asks PyPI for",
    ),
    (r"\.venv/bin/pip install", "$INSTALL", "uv has the packages at hand, in the locked versions"),
    (r'export (\w+)="(.*\$\(.*)"', r'\1="\2"; export \1', "export hides that a command in it failed"),
    (r"\bread -rs (\w+)", r'\1="$API_KEY"', "bash asks for it"),
    (r"(?m)^(pulumi config set --secret (?!--path))", r'printf %s "$API_KEY" | \1', "Pulumi asks for it"),
    (r"(?m)^(pulumi config set --secret --path)", r"printf %s a-secret | \1", "as above"),
)  # fmt: skip

VALIDATE = f"{shlex.quote(sys.executable)} -m check_jsonschema --builtin-schema"
STEPS = "workflow-of-steps.json"
STACK_FILE = re.compile(r"stacks/Pulumi\.[\w-]+\.yaml")


class Unaccounted(Exception):
    """A block that nothing executes, and that NOT_RUN does not name."""


def script(blocks: list[Block]) -> str:
    """Return the script; it ends at the first block that fails, and has printed that block's place."""
    before = [PREPARED[name]] if (name := blocks[0].document) in PREPARED else []
    shown = "".join(block.text for block in blocks if block.language == "console")
    steps = [f"echo; echo '=== {block}'\n{_step(block, shown)}" for block in blocks]
    return "\n".join(["set -e -o pipefail", *before, *steps])


def transcript(block: Block) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with the output that is shown."""
    parts = re.split(r"(?m)^\$ (.*)\n", block.text)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def substituted(block: Block, variables: dict[str, str]) -> Block:
    """Return the block as it is run, with the variables' values in what SUBSTITUTIONS puts there."""
    text = block.text
    for pattern, replacement, _ in SUBSTITUTIONS:
        value = re.sub(r"\$([A-Z_]+)", lambda name: variables.get(name[1], name[0]), replacement)
        text = re.sub(pattern, value, text)
    return replace(block, text=text)


def variables_that_are_named(texts: Iterable[str]) -> set[str]:
    """Return the environment variables from which the declarations and programs take secrets."""
    return set(re.findall(r"\b(?:from_env: |FromEnv\(\")(\w+)", "\n".join(texts)))


def _step(block: Block, shown: str) -> str:
    if (block.document, block.first_line) in NOT_RUN:
        yaml.safe_load(block.text)
        return ":"
    if block.path:
        return _write(block.path, block.text) + _validation(block.path, shown)
    match block.language:
        case "sh":
            # A list whose first part fails does not end the script by itself.
            return f"{block.text}(exit $?)"
        case "console" if commands := transcript(block):
            return "\n".join(_captured(block, index) for index in range(len(commands)))
        case "python":
            return _program(block.text, f"program-{block.line}")
        case "yaml" if _are_steps(steps := yaml.safe_load(block.text)):
            return _github_steps(steps)
    raise Unaccounted(f"{block}: nothing executes this block: let its first line name a file, or see NOT_RUN")


def _captured(block: Block, index: int) -> str:
    """Run a command whose output is shown; it may be one that fails."""
    command, _ = transcript(block)[index]
    return f"{{ {command}\n}} >$SHOWN/{block.line}-{index} 2>&1 || true"


def _write(path: str, text: str) -> str:
    folder = shlex.quote(str(Path(path).parent))
    return f"mkdir -p {folder}; printf %s {shlex.quote(text)} >{shlex.quote(path)}\n"


def _validation(path: str, shown: str) -> str:
    if STACK_FILE.fullmatch(path):
        # One that the document shows to be wrong is checked there.
        return "" if f"check {path}" in shown else f"rootfi-pulumi check {path}"
    if path.startswith(".github/workflows/"):
        return f"{VALIDATE} vendor.github-workflows {path}"
    if path.endswith(".gitlab-ci.yml"):
        return f"{VALIDATE} vendor.gitlab-ci --data-transform gitlab-ci {path}"
    return ""


def _program(text: str, folder: str) -> str:
    """Run a program in a project of its own, with a second organisation's key and a secret in its config."""
    return "\n".join(
        [
            "(",
            f"mkdir $WORK/{folder}; cd $WORK/{folder}; export PYTHONPATH=$CLONE",
            _write("__main__.py", text)
            + _write("Pulumi.yaml", PROJECT)
            + _write(f"Pulumi.{folder}.yaml", STACK),
            f"pulumi stack init {folder}",
            'printf %s "$OTHER_KEY" | pulumi config set --secret otherKey',
            "printf %s a-secret | pulumi config set --secret waveSecret",
            "pulumi up",
            ")",
        ]
    )


def _are_steps(content: object) -> bool:
    return isinstance(content, list) and all(
        isinstance(each, dict) and {"run", "uses"} & set(each) for each in content
    )


def _github_steps(steps: list[dict[str, Any]]) -> str:
    """Validate them in a workflow of their own, and do what they run; their secrets are the test's."""
    workflow = {"on": "push", "jobs": {"job": {"runs-on": "ubuntu-latest", "steps": steps}}}
    lines = [_write(STEPS, json.dumps(workflow)), f"{VALIDATE} vendor.github-workflows {STEPS}"]
    for step in steps:
        if "run" in step:
            exports = [f'export {name}="{value}"' for name, value in step.get("env", {}).items()]
            run = "\n".join(["(", *exports, step["run"], ")"])
            lines.append(re.sub(r"\$\{\{ secrets\.(\w+) \}\}", r"$\1", run))
    return "\n".join(lines)
