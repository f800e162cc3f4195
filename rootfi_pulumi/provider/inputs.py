"""Checks a resource's inputs and completes them with what the state holds in their place."""

from typing import Any

from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.declaration.members import INPUTS, REQUIRED
from rootfi_pulumi.sdk_internals.unknown import is_unknown
from rootfi_pulumi.state import CLIENT_SECRET_VERSION

Props = dict[str, Any]

# Not `adopt`: a state without it stays as it is.
_DEFAULTS = {each.name: each.default for each in INPUTS if each.default not in (REQUIRED, None)}


def complete_inputs(olds: Props, news: Props) -> tuple[Props, list[str]]:
    """Complete inputs with their defaults and digest a secret of the environment.

    `olds` are the inputs in the state, whose salt is kept. A problem is `member: what is wrong`, without a
    credential. A value that a preview does not know yet passes, as does a secret that `ignore_changes` keeps.
    """
    inputs = {**_DEFAULTS, **news}
    problems = []
    for member in INPUTS:
        name = member.name
        value = inputs.get(name)
        if is_unknown(value) or (name == "adopt" and value is None):
            continue
        if name == "client_secret" and _is_kept(value, olds):
            continue
        variable = from_env.variable(value) if name == "client_secret" else None
        problem = from_env.variable_problem(variable) if variable else member.problem_of(value)
        if problem:
            problems.append(f"{name}: {problem}")
        elif variable:
            inputs[name] = _stored(variable, inputs, olds.get(name))
    if not problems:
        inputs[CLIENT_SECRET_VERSION] = _version(olds, inputs["client_secret"])
    return inputs, problems


def _is_kept(client_secret: object, olds: Props) -> bool:
    # A program never sends a digest: the engine put this one here for `ignore_changes`. It does the same with
    # a tracked secret that `read` took from RootFi, to which none of our rules was applied.
    if "client_secret" not in olds or client_secret != olds["client_secret"]:
        return False
    return isinstance(client_secret, str) or from_env.has_digest(client_secret)


def _stored(variable: str, inputs: Props, previous: object) -> Props:
    integration = (inputs.get("integration_type"), inputs.get("client_id"))
    unknown = [each for each in integration if is_unknown(each)]
    if unknown and not from_env.has_salt(previous):
        # A saved plan must not hold a digest that its `up` cannot compute.
        return {"from_env": variable, "digest": unknown[0]}
    return from_env.stored(variable, from_env.resolve(variable), previous, integration=integration)


def _version(olds: Props, client_secret: object) -> object:
    if is_unknown(client_secret):
        return client_secret
    version = int(olds.get(CLIENT_SECRET_VERSION, 0))
    known = olds.get("client_secret")
    # Compared first, since what `ignore_changes` kept needs no variable.
    unchanged = client_secret == known or from_env.matches(known, from_env.plain(client_secret))
    return version if version and unchanged else version + 1
