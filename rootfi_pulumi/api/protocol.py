"""The path and the headers of RootFi's integrations API, for the client and for the emulator.

See https://docs.integrationlabs.co/api-reference/v2/core/integrations/ and, for the rate limit, the page on
environments of https://docs.rootfi.dev.
"""

INTEGRATIONS_PATH = "/integrations"
API_KEY_HEADER = "api_key"

# Header names are case-insensitive; the emulator compares them in lower case.
RATE_LIMIT_HEADER = "X-RateLimit-Limit"
RATE_LIMIT_REMAINING_HEADER = "X-RateLimit-Remaining"
RATE_LIMIT_RESET_HEADER = "X-RateLimit-Reset"
RETRY_AFTER_HEADER = "Retry-After"


def integration_path(rootfi_id: int | str) -> str:
    """Return the path of one integration."""
    return f"{INTEGRATIONS_PATH}/{rootfi_id}"
