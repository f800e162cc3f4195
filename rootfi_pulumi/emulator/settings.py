"""The settings that decide how the emulated RootFi behaves where RootFi's documentation leaves a choice.

Each setting is one assumption. The defaults follow the documentation or, if it says nothing, the choices
listed in this folder's README.md. `make test-live` checks the real RootFi and writes a file of such settings.
"""

import json
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rootfi_pulumi.emulator.mistakes import explain
from rootfi_pulumi.emulator.rate_limit import RateLimit

SecretAnswers = Literal["plain", "masked", "null", "omitted"]
SecondPost = Literal["create", "conflict", "existing", "replace"]
IdFormat = Literal["integer", "string", "uuid"]
TimestampFormat = Literal["utc", "offset", "epoch_seconds", "epoch_milliseconds"]
Refusal = Annotated[int, Field(ge=400, le=499)]
"""The HTTP status of a refusal."""


class MethodAnswers(BaseModel):
    """The successful response of one method.

    status: the HTTP status, 200 to 203; default 200, as documented.
    envelope: "wrapped" (default), as documented: the integration is the member `data`; "bare": it is the
        whole body. The client understands only "wrapped".
    secrets: how this method returns `client_secret`; None (default) means as in `Settings.secrets`.
    mask: the text that this method returns for a masked secret; None (default) means `Settings.mask`.

    Raises `pydantic.ValidationError`, a `ValueError`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    status: int = Field(default=200, ge=200, le=203)
    envelope: Literal["wrapped", "bare"] = "wrapped"
    secrets: SecretAnswers | None = None
    mask: str | None = None


class Settings(BaseModel):
    """Every assumption about RootFi. A status is an HTTP status from 400 to 499.

    secrets: how `client_secret` is returned: "plain" (default), "masked", "null" or "omitted".
    mask: the text of a masked `client_secret`; default "********".
    second_post: what a second POST of a type in one organisation does. "create" (default): creates a second
        integration; "conflict": is rejected with `second_post_status`; "existing": returns the first,
        unchanged; "replace": gives the first the new credentials.
    second_post_status: the status of that conflict; default 409.
    post, get, put: the successful response of each method.
    bad_key: the status for a missing or unknown API key; default 401.
    unknown_id: the status for an id that no integration has; default 404.
    foreign_id: the status for the id of another organisation's integration; default 404.
    bad_body: the status for a body that is not as documented; default 400.
    missing_member: the status for a body without a required member; default 400. "accepted": a PUT keeps
        the old value, a POST takes an empty text.
    put_without_identity: what a PUT without `is_rootfi_identity` does. "reset" (default): sets false;
        "kept": leaves it; or the status that rejects it.
    is_disabled_on_post: what a POST with `is_disabled` does. The status that rejects it, default 400;
        "ignored": creates the integration enabled; "honoured": creates it as requested.
    put_enables: what a PUT with `is_disabled: false` does to a disabled integration. "honoured" (default):
        enables it; "ignored": leaves it disabled; or the status that rejects it.
    visible_after: for how many seconds after a POST a GET returns the status `unknown_id`; default 0.
    id_format: `rootfi_id` as an "integer" (default), a "string" of digits or a "uuid".
    timestamp_format: "utc" (default) 2021-08-10T15:00:00.000Z, "offset" 2021-08-10T15:00:00.000+00:00,
        or a number: "epoch_seconds", "epoch_milliseconds".
    rate_limit: the limit of each organisation; None (default) means no limit and no `X-RateLimit-*`.

    Raises `pydantic.ValidationError`, a `ValueError`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    secrets: SecretAnswers = "plain"
    mask: str = "********"
    second_post: SecondPost = "create"
    second_post_status: Refusal = 409
    post: MethodAnswers = MethodAnswers()
    get: MethodAnswers = MethodAnswers()
    put: MethodAnswers = MethodAnswers()
    bad_key: Refusal = 401
    unknown_id: Refusal = 404
    foreign_id: Refusal = 404
    bad_body: Refusal = 400
    missing_member: Refusal | Literal["accepted"] = 400
    put_without_identity: Refusal | Literal["reset", "kept"] = "reset"
    is_disabled_on_post: Refusal | Literal["honoured", "ignored"] = 400
    put_enables: Refusal | Literal["honoured", "ignored"] = "honoured"
    visible_after: float = Field(default=0, ge=0, allow_inf_nan=False)
    id_format: IdFormat = "integer"
    timestamp_format: TimestampFormat = "utc"
    rate_limit: RateLimit | None = None

    def method(self, name: str) -> MethodAnswers:
        """Return the settings of "POST", "GET" or "PUT"."""
        return {"POST": self.post, "GET": self.get, "PUT": self.put}[name]


def from_file(path: str) -> Settings:
    """Read settings from a JSON file. Raises `ArgumentTypeError`, one line, if the file is not usable."""
    try:
        return Settings.model_validate(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise ArgumentTypeError(f"{path}: {error.strerror}") from None
    except UnicodeError:
        raise ArgumentTypeError(f"{path}: is not text in UTF-8") from None
    except ValidationError as error:
        _, why = explain(Settings, error.errors(include_url=False, include_input=False))
        raise ArgumentTypeError(f"{path}: {why.replace('the body', 'the settings', 1)}") from None
    except ValueError as error:
        where = f"{path}:{error.lineno}" if isinstance(error, json.JSONDecodeError) else path
        raise ArgumentTypeError(f"{where}: is not JSON") from None
    except RecursionError:
        raise ArgumentTypeError(f"{path}: is nested too deeply") from None
