"""Every question, with what is documented or assumed, what depends on it, and how its answer is read.

Documented: https://docs.integrationlabs.co/api-reference/v2/core/integrations/ and, for the rate limit,
https://integrations.docs.commenda.io/api-reference/v4/overview/environments.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tools.live import reading
from tools.live.play import Seen
from tools.live.reading import Answer

ENVELOPE_DEPENDS = "any 2xx is a success; the client reads `data`, and without it a create stays unfinished"
SECRET_DEPENDS = "a secret that is not shown counts as unchanged"  # noqa: S105 - no password


@dataclass(frozen=True)
class Question:
    """One row of the table. `settings` are the emulator's settings that play its answer."""

    text: str
    assumed: str
    depends: str
    settings: tuple[str, ...]
    read: Callable[[Seen], Answer]


QUESTIONS = [
    *(
        Question(
            f"Status and envelope of {method.upper()}",
            "documented: 200, in `data`",
            ENVELOPE_DEPENDS,
            (f"{method}.status", f"{method}.envelope"),
            reading.answer_of(method, method),
        )
        for method in ("post", "get", "put")
    ),
    *(
        Question(
            f"`client_secret` in the answer to {method.upper()}",
            "documented: shown, in the examples",
            SECRET_DEPENDS,
            (f"{method}.secrets", f"{method}.mask"),
            reading.secret_in(method, method),
        )
        for method in ("post", "get", "put")
    ),
    Question(
        "A second POST of a type",
        "assumed: creates a second integration",
        "a create of unknown outcome is never sent again; `Conflict` advises `adopt`",
        ("second_post", "second_post_status"),
        reading.second_post,
    ),
    Question(
        "An unknown id",
        "assumed: 404",
        "a refresh drops an integration that RootFi says is gone",
        ("unknown_id",),
        reading.refusal_of("unknown_id", "unknown_id"),
    ),
    Question(
        "Another organisation's id",
        "assumed: 404",
        "a wrong key must not look like a lost integration",
        ("foreign_id",),
        reading.refusal_of("foreign_id", "foreign_id"),
    ),
    Question(
        "A bad API key",
        "assumed: 401",
        "the advice to check the key; `doctor` looks for it",
        ("bad_key",),
        reading.refusal_of("bad_key", "bad_key"),
    ),
    Question(
        "A body that is not JSON",
        "assumed: 400",
        "400 and 422 are a bad declaration, never retried",
        ("bad_body",),
        reading.refusal_of("bad_body", "bad_body"),
    ),
    Question(
        "A PUT without `client_secret`",
        "documented: required; assumed: 400",
        "a PUT always sends every member",
        ("missing_member",),
        reading.missing_member,
    ),
    Question(
        "A PUT without `is_rootfi_identity`",
        "assumed: resets it to `false`",
        "a PUT always sends it",
        ("put_without_identity",),
        reading.put_without_identity,
    ),
    Question(
        "`is_disabled` in a POST",
        "not documented; assumed: refused",
        "a disabled integration is created by POST, then PUT",
        ("is_disabled_on_post",),
        reading.is_disabled_on_post,
    ),
    Question(
        "Rate-limit headers and their units",
        "documented: 100 a minute, `X-RateLimit-*` in all answers; units not documented",
        "the client waits until `Reset` instead of being refused",
        ("rate_limit.requests", "rate_limit.seconds", "rate_limit.reset"),
        reading.rate_limit,
    ),
    Question(
        "`Retry-After` with a 429 or 503",
        "not documented; assumed: none",
        "the client waits as long as it asks",
        ("rate_limit.retry_after",),
        reading.retry_after,
    ),
    Question(
        "A PUT that enables a disabled integration",
        "assumed: enables it",
        "`destroy` disables; `adopt` and `up` bring it back",
        ("put_enables",),
        reading.put_enables,
    ),
    Question(
        "The form of `rootfi_id`",
        "documented: a number",
        "the client reads whole numbers, also as strings; `adopt` takes a number",
        ("id_format",),
        reading.id_format,
    ),
    Question(
        "The form of timestamps",
        "documented: ISO 8601, UTC with `Z`",
        "the client reads strings; a number makes the answer unreadable",
        ("timestamp_format",),
        reading.timestamp_format,
    ),
    Question(
        "GET right after POST",
        "assumed: sees the integration at once",
        "a refresh right after `up` must not drop it",
        ("visible_after",),
        reading.visible_after,
    ),
]
