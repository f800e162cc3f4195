"""Settings of the emulator for each question of tools.live."""

from typing import Any

SECRETS = ("plain", "masked", "null", "omitted")
LIMIT = {"requests": 100}
SPENT = {"requests": 8, "seconds": 60}

# For each question, settings of the emulator between which its row must differ.
ROWS: dict[str, list[dict[str, Any]]] = {
    **{
        f"Status and envelope of {method.upper()}": [
            {method: {"status": status, "envelope": envelope}}
            for status in (200, 201)
            for envelope in ("wrapped", "bare")
        ]
        for method in ("post", "get", "put")
    },
    **{
        f"`client_secret` in the answer to {method.upper()}": [
            {method: {"secrets": secrets}} for secrets in SECRETS
        ]
        for method in ("post", "get", "put")
    },
    "A second POST of a type": [
        {"second_post": "create"},
        {"second_post": "existing"},
        {"second_post": "replace"},
        {"second_post": "conflict"},
        {"second_post": "conflict", "second_post_status": 422},
    ],
    "An unknown id": [{"unknown_id": status} for status in (404, 400, 403, 410)],
    "Another organisation's id": [{"foreign_id": status} for status in (404, 401, 403)],
    "A bad API key": [{"bad_key": status} for status in (401, 403)],
    "A body that is not JSON": [{"bad_body": status} for status in (400, 422)],
    "A PUT without `client_secret`": [{"missing_member": each} for each in (400, 422, "accepted")],
    "A PUT without `is_rootfi_identity`": [
        {"put_without_identity": each} for each in ("reset", "kept", 400, 422)
    ],
    "`is_disabled` in a POST": [{"is_disabled_on_post": each} for each in (400, 422, "ignored", "honoured")],
    "Rate-limit headers and their units": [
        {"rate_limit": None},
        {"rate_limit": LIMIT},
        {"rate_limit": {"requests": 200}},
        {"rate_limit": LIMIT | {"reset": "epoch_seconds"}},
        {"rate_limit": LIMIT | {"reset": "epoch_milliseconds"}},
    ],
    "`Retry-After` with a 429 or 503": [
        {"rate_limit": LIMIT},
        {"rate_limit": SPENT},
        {"rate_limit": SPENT | {"retry_after": "seconds"}},
        {"rate_limit": SPENT | {"retry_after": "date"}},
    ],
    "A PUT that enables a disabled integration": [
        {"put_enables": each} for each in ("honoured", "ignored", 409)
    ],
    "The form of `rootfi_id`": [{"id_format": each} for each in ("integer", "string", "uuid")],
    "The form of timestamps": [
        {"timestamp_format": each} for each in ("utc", "offset", "epoch_seconds", "epoch_milliseconds")
    ],
    "GET right after POST": [{"visible_after": seconds} for seconds in (0, 0.5, 2, 5, 3600)],
}
EVERY_SETTING = [settings for rows in ROWS.values() for settings in rows]
