"""Checks whether other stacks of the project share integrations or types with this one, as a copy does.

docs/recovery.md says what to do with a copied stack.
"""

import shlex
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from rootfi_pulumi.cli.doctor.finding import Finding, Subject, not_checked, note, ok, problem, steps
from rootfi_pulumi.cli.report.reading import Reading, read_stack
from rootfi_pulumi.cli.report.sharing import Sharing, find_sharing
from rootfi_pulumi.cli.report.wording import describe_overlaps, list_words
from rootfi_pulumi.declaration.one_organisation import Shared
from rootfi_pulumi.declaration.settings import API_KEY
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import AT_ONCE, PulumiError


def check_other_stacks(project: Project, stack: str) -> list[Finding]:
    """Compare the stack with every other one that the backend has or a file declares."""
    try:
        others = exclude(stack, [*project.stack_names(), *project.stack_files()])
    except PulumiError as error:
        return [not_checked(Subject.OTHER_STACKS, str(error))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        readings = list(pool.map(partial(read_stack, project, refresh=False), [stack, *others]))
    sharing = find_sharing(project, readings)
    found = [each for each in sharing.shared if stack in each.stacks]
    ids = [each for each in found if isinstance(each.what, int)]
    findings = [
        *_same_integrations(readings[0], [each for each in ids if each.same_key is not False]),
        *_same_ids([each for each in ids if each.same_key is False]),
        *_same_types(readings[0], [each for each in found if each not in ids]),
        *_not_compared(readings, sharing),
    ]
    checked = f"{len(others)} checked, none shares an integration"
    return findings or [ok(Subject.OTHER_STACKS, checked + _types_skipped(stack, others, sharing.keyless))]


def _types_skipped(stack: str, others: Sequence[str], keyless: Sequence[str]) -> str:
    """Return which types were not compared: a key of the environment may differ from stack to stack."""
    if not others or not keyless:
        return ""
    if stack in keyless:
        return f"; types not compared: {stack}'s file has no {API_KEY.key}"
    return f"; types not compared with {list_words(keyless)}: no {API_KEY.key} in the file"


def exclude(stack: str, names: Sequence[str]) -> list[str]:
    """Return every other stack once. Pulumi Cloud may qualify a name, as in `organisation/project/stack`."""
    others: dict[str, str] = {}
    for name in names:
        others.setdefault(_short(name), name)
    others.pop(_short(stack), None)
    return list(others.values())


def _short(stack: str) -> str:
    return stack.rpartition("/")[2]


def _same_integrations(own: Reading, found: Sequence[Shared]) -> list[Finding]:
    """Return a problem for each set of stacks; its remedy removes the integrations without disabling them."""
    findings = []
    for sentence, group in describe_overlaps(found):
        if _is_managed(own, group):
            # After `pulumi state delete`, the next run would create an entry that is still in the file.
            remedy = steps(
                f"Keep it in one stack. To give it up in {own.stack}, set `retain_on_delete: true`.",
                "Run `pulumi up`.",
                "Remove the entry and run `pulumi up` again",
            )
            findings.append(problem(Subject.OTHER_STACKS, sentence, remedy, f"pulumi up {_option(own)}"))
        else:
            remedy = f"keep it in one stack; to give it up in {own.stack}, remove the entry"
            findings.append(problem(Subject.OTHER_STACKS, sentence, remedy))
    return findings


def _same_ids(found: Sequence[Shared]) -> list[Finding]:
    return [
        note(Subject.OTHER_STACKS, f"{sentence}; the keys differ") for sentence, _ in describe_overlaps(found)
    ]


def _same_types(own: Reading, found: Sequence[Shared]) -> list[Finding]:
    findings = []
    for sentence, group in describe_overlaps(found):
        if _is_managed(own, group):
            remedy = f"keep one; to disable {own.stack}'s, remove the entry"
            command = f"pulumi up {_option(own)}"
        else:
            remedy = f"set the API key of {own.stack}'s organisation, or remove the entry"
            command = f"pulumi config set --secret {API_KEY.key} {_option(own)}"
        findings.append(problem(Subject.OTHER_STACKS, sentence, remedy, command))
    return findings


def _is_managed(own: Reading, found: Sequence[Shared]) -> bool:
    """Return whether the stack's state has any of these, rather than only its declaration."""
    # A list, since an encrypted member is a mapping, which a set cannot hold.
    whats = [each.what for each in found]
    members = ("rootfi_id", "integration_type")
    return any(each.members.get(name) in whats for each in own.deployed or () for name in members)


def _option(own: Reading) -> str:
    return f"--stack {shlex.quote(own.stack)}"


def _not_compared(readings: Sequence[Reading], sharing: Sharing) -> list[Finding]:
    lines = []
    if unknown := [each.stack for each in readings[1:] if each.deployed is None]:
        lines.append(f"the state of {list_words(unknown)} cannot be read")
    if sharing.unread:
        lines.append(f"the API key of {list_words(sharing.unread)} cannot be decrypted and compared")
    return [note(Subject.OTHER_STACKS, line) for line in lines]
