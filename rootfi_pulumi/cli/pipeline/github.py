"""Writes a workflow for GitHub Actions.

See https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.pipeline import tools
from rootfi_pulumi.cli.pipeline.needs import Stack, Variable
from rootfi_pulumi.cli.pipeline.options import DEFAULT_CRON
from rootfi_pulumi.cli.pipeline.rendering import Plan, flow_scalar, indented, scalar
from rootfi_pulumi.cli.pipeline.toolchain import IN_PROJECT

# The name is always in quotes, so that `pulumi new` can put any name into the template's workflow.
_HEAD = """\
name: {name}

on:
  pull_request:
  push:
    branches: [{branch}]
  schedule:
    - cron: "{cron}"
  workflow_dispatch:
    inputs:
      run:
        description: What to run
        type: choice
        options: [drift, deploy]
        default: drift

permissions: {{}}
{settings}
jobs:
"""
# A repository with several projects has this one in a folder.
_DEFAULTS = """
defaults:
  run:
    working-directory: {folder}
"""
_ENV = """
env:
  {name}: "true" # the packages' folder is then known: .venv
"""
_CHECK = """\
check:
  name: check the stack files{suffix}
  # It has no secrets, so it also runs for pull requests from forks and Dependabot.
  if: github.event_name == 'pull_request'
  runs-on: ubuntu-24.04
  timeout-minutes: 20
  permissions:
    contents: read # checkout
  concurrency:
    group: {project}-check-${{{{ github.event.pull_request.number }}}}{suffix}
    cancel-in-progress: true
  steps:
"""
_PREVIEW = """\
preview-{job}:
  name: preview {label}{suffix}
  # GitHub gives pull requests from forks and Dependabot no secrets. Renovate's get none from here.
  if: >-
    github.event_name == 'pull_request'
    && github.event.pull_request.head.repo.full_name == github.repository
    && github.event.pull_request.user.login != 'dependabot[bot]'
    && github.event.pull_request.user.login != 'renovate[bot]'
  runs-on: ubuntu-24.04
  timeout-minutes: 20
  environment: {environment}
  permissions:
    contents: read # checkout
  concurrency:
    group: {project}-preview-{label}-${{{{ github.event.pull_request.number }}}}{suffix}
    cancel-in-progress: true # a preview holds no lock and leaves nothing
  steps:
"""
_DEPLOY = """\
deploy-{job}:
  name: deploy {label}{suffix}{needs}
  if: >-
    github.ref == 'refs/heads/{branch}'
    && (github.event_name == 'push' || inputs.run == 'deploy')
  runs-on: ubuntu-24.04
  timeout-minutes: 60
{note}  environment: {environment}
  permissions:
    contents: read # checkout
  concurrency:
    group: {project}-deploy-{label}
    cancel-in-progress: false # an interrupted create needs someone to look in RootFi
  steps:
"""
_GUARDED = """\
  # Give it reviewers, and restrict it to {branch}: GitHub creates an environment without rules.
"""
_DRIFT = """\
drift-{job}:
  name: drift of {label}{suffix}
  if: github.event_name == 'schedule' || inputs.run == 'drift'
  runs-on: ubuntu-24.04
  timeout-minutes: 20
  environment: {environment}
  permissions:
    contents: read # checkout
  concurrency:
    # Separate from the deploys: GitHub keeps one queued job per group, and a deploy must not be lost.
    group: {project}-drift-{label}{suffix}
    cancel-in-progress: false
  steps:
"""
# GitHub signals the step's first process, by default a shell, which would not pass the signal on.
_CANCELLATION = """\
# `exec` lets a cancelled job end after its requests in flight, in the ten seconds that GitHub gives it.
"""
_SUMMARY = ' >> "$GITHUB_STEP_SUMMARY"'


def write(plan: Plan) -> str:
    """Return the workflow, without its first lines."""
    head = _HEAD.format(
        name=json.dumps(f"{plan.project.name}{plan.suffix}"),
        branch=flow_scalar(plan.branch),
        cron=plan.options.drift_cron or DEFAULT_CRON,
        settings=_settings(plan),
    )
    check = _CHECK.format(project=plan.project.name, suffix=plan.suffix)
    jobs = [check + _steps(plan, map(_step, plan.checks()), pulumi=False)]
    jobs += [_preview(plan, stack) for stack in plan.stacks]
    previous = [None, *plan.stacks]
    jobs += [_deploy(plan, stack, before) for stack, before in zip(plan.stacks, previous, strict=False)]
    jobs += [_drift(plan, stack) for stack in plan.stacks]
    return head + "\n".join(indented(job, 2) for job in jobs)


def _settings(plan: Plan) -> str:
    text = ""
    if plan.installation.toolchain is Toolchain.POETRY:
        text += _ENV.format(name=IN_PROJECT)
    if plan.folder != ".":
        text += _DEFAULTS.format(folder=scalar(plan.folder))
    return text


def _preview(plan: Plan, stack: Stack) -> str:
    steps = [
        _step(plan.run(f"preview {stack.name}"), _everything(stack)),
        _step(plan.report(stack) + _SUMMARY, stack.state, even_after_failure=True),
    ]
    return _PREVIEW.format(**_names(plan, stack, stack.preview_label)) + _steps(plan, steps)


def _deploy(plan: Plan, stack: Stack, before: Stack | None) -> str:
    names = _names(plan, stack, stack.label)
    needs = f"\n  needs: deploy-{before.job}" if before else ""
    steps = [_CANCELLATION + _step(f"exec {plan.run(f'deploy {stack.name}')}", _everything(stack))]
    note = _GUARDED.format(branch=plan.branch) if plan.is_guarded(stack) else ""
    return _DEPLOY.format(**names, branch=plan.branch, needs=needs, note=note) + _steps(plan, steps)


def _drift(plan: Plan, stack: Stack) -> str:
    steps = [
        _step(plan.run(f"drift {stack.name}"), _everything(stack)),
        _step(
            plan.report(stack, " --refresh") + _SUMMARY,
            (*stack.state, *stack.settings),
            even_after_failure=True,
        ),
    ]
    # A schedule runs on the default branch, which may not be the deployed one.
    job_steps = _steps(plan, steps, branch=plan.options.branch)
    return _DRIFT.format(**_names(plan, stack, stack.preview_label)) + job_steps


def _names(plan: Plan, stack: Stack, environment: str) -> Mapping[str, str]:
    return {
        "project": plan.project.name,
        "job": stack.job,
        "label": stack.label,
        "environment": scalar(environment),
        "suffix": plan.suffix,
    }


def _everything(stack: Stack) -> Sequence[Variable]:
    return tuple(dict.fromkeys((*stack.state, *stack.settings, *stack.secrets)))


def _steps(plan: Plan, steps: Iterable[str], *, pulumi: bool = True, branch: str = "") -> str:
    """Return the steps of a job: those that install what it runs, without secrets, and these.

    They run on the commit that started the workflow, or on a branch.
    """
    ref = {"ref": scalar(branch)} if branch else {}
    checkout = _use(plan, "actions/checkout", ref | {"persist-credentials": "false"})
    python = _use(plan, "actions/setup-python", {"python-version": f'"{plan.python}"'})
    return indented("".join([checkout, python, *_install(plan, pulumi=pulumi), *steps]), 4)


def _install(plan: Plan, *, pulumi: bool) -> list[str]:
    if plan.options.setup:
        return [_step(command) for command in plan.options.setup]
    steps = []
    if pulumi:
        steps.append(_use(plan, "pulumi/actions", {"pulumi-version": tools.PULUMI}))
    if plan.installation.toolchain is Toolchain.UV:
        version = {"version": f'"{tools.UV}"', "enable-cache": "false"}
        steps.append(_use(plan, "astral-sh/setup-uv", version))
    if plan.installation.toolchain is Toolchain.POETRY:
        steps.append(_step(f"pipx install {plan.installation.tool}"))
    return [*steps, *map(_step, plan.installation.commands)]


def _use(plan: Plan, action: str, inputs: Mapping[str, str]) -> str:
    commit, version = plan.pins[action]
    lines = "".join(f"    {name}: {value}\n" for name, value in inputs.items())
    return f"- uses: {action}@{commit} # {version}\n  with:\n{lines}"


def _step(command: str, variables: Sequence[Variable] = (), *, even_after_failure: bool = False) -> str:
    text = f"- run: {scalar(command)}\n"
    if even_after_failure:
        text += "  if: ${{ !cancelled() }}\n"
    if variables:
        text += "  env:\n" + "".join(f"    {each.name}: {_value(each)}\n" for each in variables)
    return text


def _value(variable: Variable) -> str:
    return f"${{{{ {'secrets' if variable.is_secret else 'vars'}.{variable.name} }}}}"
