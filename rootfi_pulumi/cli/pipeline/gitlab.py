"""Writes a pipeline for GitLab.

See https://docs.gitlab.com/ci/yaml/
"""

import posixpath
import shlex
from collections.abc import Iterable

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.pipeline import tools
from rootfi_pulumi.cli.pipeline.needs import Stack
from rootfi_pulumi.cli.pipeline.rendering import Plan, flow_scalar, indented, scalar
from rootfi_pulumi.cli.pipeline.toolchain import IN_PROJECT

_HEAD = """\
# GitLab gives a job the variables of its environment's scope, so no secret is listed here. Set each variable
# twice, with a stack's exact scopes, such as `dev` and `dev-preview`: a wildcard also matches other stacks.
# The jobs that install and check have no environment, so they get none.
#
# Create a schedule (Build > Pipeline schedules) for the drift jobs{target}.
{default}stages: [install, preview, deploy, drift]

# The other jobs take the packages from this one, so no job with secrets installs anything.
install{suffix}:
{runner}  stage: install
  interruptible: true
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == {branch}
    - if: $CI_PIPELINE_SOURCE == "schedule"{on_branch}
  script:
{install}
  artifacts:
    paths: [{artifacts}]
    expire_in: 1 week # a deploy that waits for a person needs them, too

check{suffix}:
{runner}  stage: preview
  interruptible: true
  needs: [install{suffix}]
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
{check}

.preview{suffix}:
{runner}  stage: preview
  interruptible: true
  needs: [install{suffix}]
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  artifacts:
    when: always
    paths: [{report}]
    expose_as: state of the environment

.deploy{suffix}:
{runner}  stage: deploy
  interruptible: false # an interrupted create needs someone to look in RootFi
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == {branch}

.drift{suffix}:
{runner}  stage: drift
  interruptible: true
  needs: [install{suffix}]
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"{on_branch}
  artifacts:
    when: always
    paths: [{report}]
"""
_RUNNER = """\
  image: pulumi/pulumi-python-{python}:{pulumi}
  timeout: 60 minutes
"""
_LOOK = """
{step}-{job}{suffix}:
  extends: .{step}{suffix}
  environment:
    name: {environment}
    action: verify
  script:
{script}
  after_script:
{after}
"""
_DEPLOY = """
deploy-{job}{suffix}:
  extends: .deploy{suffix}
  needs: [{needs}]
{manual}  # The deploys of a stack wait for each other.
  resource_group: {group}
  environment:
    name: {environment}
  script:
{script}
"""
_MANUAL = """\
  rules:
    - if: $CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == {branch}
      when: manual
      allow_failure: false # the pipeline waits for it instead of passing without it
"""
# pip installs the package manager that Pulumi needs into an environment of its own.
_TOOLS = ".pipeline-tools"


def write(plan: Plan) -> str:
    """Return the pipeline, without its first lines."""
    runner = _RUNNER.format(python=plan.python, pulumi=tools.PULUMI)
    text = _HEAD.format(
        suffix=plan.suffix,
        # In a file that others include, `default` would be that of their jobs, too.
        default="" if plan.suffix else f"default:\n{runner}\n",
        runner=runner if plan.suffix else "",
        branch=_branch(plan),
        # A schedule of another branch would compare RootFi with what is not deployed.
        on_branch=f" && $CI_COMMIT_BRANCH == {_branch(plan)}" if plan.branch else "",
        target=f", with the target branch {plan.branch}" if plan.branch else "",
        install=_lines(_enter(plan, [*_install_tool(plan), *_install(plan)], path=_uses_tool(plan))),
        artifacts=", ".join(flow_scalar(_in_folder(plan, each)) for each in _installed(plan)),
        check=_lines(_enter(plan, plan.checks())),
        report=flow_scalar(_in_folder(plan, "report.md")),
    )
    text += "".join(_look(plan, stack, "preview", "") for stack in plan.stacks)
    previous = [None, *plan.stacks]
    text += "".join(
        _deploy(plan, stack, before) for stack, before in zip(plan.stacks, previous, strict=False)
    )
    return text + "".join(_look(plan, stack, "drift", " --refresh") for stack in plan.stacks)


def _look(plan: Plan, stack: Stack, step: str, options: str) -> str:
    return _LOOK.format(
        step=step,
        job=stack.job,
        suffix=plan.suffix,
        environment=scalar(stack.preview_label),
        script=_lines(_enter(plan, [plan.run(f"{step} {stack.name}")], path=_uses_tool(plan))),
        after=_lines(_enter(plan, [plan.report(stack, options) + " > report.md"])),
    )


def _deploy(plan: Plan, stack: Stack, before: Stack | None) -> str:
    needs = ["install", *([f"deploy-{before.job}"] if before else [])]
    return _DEPLOY.format(
        job=stack.job,
        suffix=plan.suffix,
        needs=", ".join(f"{each}{plan.suffix}" for each in needs),
        manual=_MANUAL.format(branch=_branch(plan)) if plan.is_guarded(stack) else "",
        group=f"{plan.project.name}-deploy-{stack.label}",
        environment=scalar(stack.label),
        script=_lines(_enter(plan, [plan.run(f"deploy {stack.name}")], path=_uses_tool(plan))),
    )


def _branch(plan: Plan) -> str:
    return f'"{plan.branch}"' if plan.branch else "$CI_DEFAULT_BRANCH"


def _uses_tool(plan: Plan) -> bool:
    return bool(plan.installation.tool) and not plan.options.setup


def _install_tool(plan: Plan) -> list[str]:
    if not _uses_tool(plan):
        return []
    return [f"python -m venv {_TOOLS}", f"{_TOOLS}/bin/python -m pip install {plan.installation.tool}"]


def _install(plan: Plan) -> Iterable[str]:
    return plan.options.setup or plan.installation.commands


def _installed(plan: Plan) -> list[str]:
    return [plan.installation.environment, *([_TOOLS] if _uses_tool(plan) else [])]


def _in_folder(plan: Plan, path: str) -> str:
    # The virtual environment of a uv workspace is above the project's folder.
    return posixpath.normpath(f"{plan.folder}/{path}")


def _enter(plan: Plan, commands: Iterable[str], *, path: bool = False) -> list[str]:
    """Return the commands after those that enter the project's folder and put the package manager on PATH."""
    first = [] if plan.folder == "." else [f"cd {shlex.quote(plan.folder)}"]
    if path:
        poetry = f" {IN_PROJECT}=true" if plan.installation.toolchain is Toolchain.POETRY else ""
        first.append(f'export PATH="$PWD/{_TOOLS}/bin:$PATH"{poetry}')
    return [*first, *commands]


def _lines(commands: Iterable[str]) -> str:
    return indented("\n".join(f"- {scalar(command)}" for command in commands), 4)
