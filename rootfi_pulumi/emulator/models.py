"""The bodies of RootFi's integrations endpoints; only documented members are accepted.

See create-integrations, get-integration and edit-integration below
https://docs.integrationlabs.co/api-reference/v2/core/integrations/.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, StrictStr

from rootfi_pulumi.api.models import IntegrationType

Timestamp = Annotated[
    str, Field(examples=["2021-08-10T15:00:00.000Z"], json_schema_extra={"format": "date-time"})
]


def timestamp() -> str:
    """Return the current time in RootFi's format, UTC with milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def check_unicode(text: str) -> str:
    """Return the text; raise `ValueError` for a lone surrogate, which UTF-8 cannot encode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("not valid Unicode") from None
    return text


Text = Annotated[StrictStr, AfterValidator(check_unicode)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    client_id: Text = Field(description="Developer OAUTH Client ID from Integration Platform.")
    client_secret: Text = Field(
        description="Developer OAUTH Client Secret from Integration Platform.", repr=False
    )
    is_rootfi_identity: StrictBool | None = Field(
        default=False, description="Pass true to use RootFi's oauth credentials."
    )


class IntegrationToCreate(_Body):
    """The body of `POST /integrations`. It has no `is_disabled`."""

    integration_type: IntegrationType = Field(description="The type of integration to create.")


class IntegrationToReplace(_Body):
    """The body of `PUT /integrations/{integration_id}`. It has no `integration_type`: that cannot change."""

    is_disabled: StrictBool = Field(description="Pass true to disable the integration.")


class Integration(BaseModel):
    """The `data` of every answer.

    Which members RootFi always sends is not documented. `client_secret` is optional here because a careful
    server would mask or leave it out; `integration_type` is open because RootFi may add types.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    integration_type: str
    rootfi_id: int = Field(ge=1)
    rootfi_created_at: Timestamp
    rootfi_updated_at: Timestamp
    client_id: str
    client_secret: str | None = Field(default=None, repr=False)
    is_disabled: bool
    metadata: dict[str, Any]
    is_rootfi_identity: bool | None
    rootfi_company_id: int | None
    rootfi_organisation_id: int
    rootfi_integration_type: str


class IntegrationAnswer(BaseModel):
    """The envelope of all three endpoints."""

    model_config = ConfigDict(hide_input_in_errors=True)

    data: Integration
    request_timestamp: Timestamp = Field(
        description="The time at which the request was received by the server"
    )
    response_timestamp: Timestamp = Field(description="The time at which the response was sent by the server")
    request_id: str = Field(description="The unique ID of the request")


class Error(BaseModel):
    """RootFi's v3 error; `field` is empty where no one member is to blame."""

    message: str
    code: str
    field: str


class ErrorAnswer(BaseModel):
    """What is answered with any other status than 200."""

    error: Error
