"""Describe each member of an integration once: RootFi's own, then Pulumi's options.

The declaration's model, the provider's inputs, the JSON Schema, the report and the table in docs/declare.md
are derived from MEMBERS. Rests on
https://docs.integrationlabs.co/api-reference/v2/core/integrations/create-integrations
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from rootfi_pulumi.api import validation
from rootfi_pulumi.declaration import from_env
from rootfi_pulumi.state import CLIENT_SECRET_VERSION

REQUIRED = object()
"""The default of a member that has none."""


class Change(Enum):
    """What a change of a member does."""

    REPLACES = "creates or adopts another integration, then disables this one"
    IN_PLACE = "changes it in place, with one PUT"
    OPTION = "changes only Pulumi's state"


@dataclass(frozen=True)
class Member:
    """A member: `problem_of` says what is wrong with a declared value, or returns None.

    `compared_by` is the output that shows a change at RootFi, or None where a refresh compares nothing;
    `is_summarised` says whether the summary that a program exports has it.
    """

    name: str
    problem_of: Callable[[object], str | None]
    change: Change
    help: str
    default: Any = REQUIRED
    compared_by: str | None = None
    is_summarised: bool = False

    @property
    def is_required(self) -> bool:
        """Whether an entry without it is a mistake."""
        return self.default is REQUIRED

    @property
    def is_input(self) -> bool:
        """Whether the provider gets it."""
        return self.change is not Change.OPTION


def client_secret_problem(value: object) -> str | None:
    """Return what is wrong with a declared `client_secret`, text or `{from_env: NAME}`, or None."""
    if not isinstance(value, Mapping):
        return validation.credential_problem(value)
    if set(value) != {"from_env"}:
        return "must be text or {from_env: NAME}, and nothing else"
    problem = from_env.name_problem(value["from_env"])
    return f"from_env {problem}" if problem else None


def _adopt_problem(value: object) -> str | None:
    return None if value is None else validation.id_problem(value)


MEMBERS = (
    Member(
        "integration_type",
        validation.integration_type_problem,
        Change.REPLACES,
        "RootFi's name of the platform, such as XERO.",
        is_summarised=True,
    ),
    Member(
        "client_id",
        validation.credential_problem,
        Change.IN_PLACE,
        "Client id of the OAuth application at the platform.",
        compared_by="client_id",
        is_summarised=True,
    ),
    Member(
        "client_secret",
        client_secret_problem,
        Change.IN_PLACE,
        "{secure: …}, encrypted by Pulumi, or {from_env: NAME}, an environment variable where pulumi runs.",
        # Pulumi shows no difference between two secrets, so their version is compared.
        compared_by=CLIENT_SECRET_VERSION,
    ),
    Member(
        "is_rootfi_identity",
        validation.flag_problem,
        Change.IN_PLACE,
        "Use RootFi's own OAuth application.",
        default=False,
        compared_by="is_rootfi_identity",
    ),
    Member(
        "is_disabled",
        validation.flag_problem,
        Change.IN_PLACE,
        "Switch the integration off at RootFi.",
        default=False,
        compared_by="is_disabled",
        is_summarised=True,
    ),
    Member(
        "adopt",
        _adopt_problem,
        Change.REPLACES,
        "The rootfi_id of an existing integration to take over, by one read and without a write.",
        default=None,
    ),
    Member(
        "protect",
        validation.flag_problem,
        Change.OPTION,
        "Refuse to delete it; an option of Pulumi.",
        default=False,
    ),
    Member(
        "retain_on_delete",
        validation.flag_problem,
        Change.OPTION,
        "Forget it instead of disabling it; an option of Pulumi.",
        default=False,
    ),
)
"""Every member, in the order of RootFi's documentation."""

BY_NAME = {member.name: member for member in MEMBERS}
"""Each member by its name."""
INPUTS = tuple(member for member in MEMBERS if member.is_input)
"""Those that the provider gets."""
CHANGED_IN_PLACE = tuple(member.name for member in MEMBERS if member.change is Change.IN_PLACE)
"""The names of those that an update sets."""
