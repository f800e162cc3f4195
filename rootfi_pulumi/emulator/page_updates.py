"""What the page shows, and of that only what changed since it last asked. Keys and secrets are masked."""

from typing import Any

from rootfi_pulumi.emulator.settings import Settings
from rootfi_pulumi.emulator.state import State
from rootfi_pulumi.emulator.traffic import Traffic

# The newest so many requests and integrations: a page with more is slow, and nobody reads it.
ROWS = 500


def changes(state: State, traffic: Traffic, run: str, log: int, version: int) -> dict[str, Any]:
    """Return what is shown, where the page has seen `log` and `version` of `run`.

    Of the requests, those that arrived or changed; organisations and integrations only if there is a change
    among them, else None. Another `run` has seen nothing, and what it shows is no more.
    """
    if run != traffic.run:
        log = version = 0
    current = state.version
    news = traffic.since(log, ROWS)
    integrations = state.integrations() if current != version else []
    return {
        "run": traffic.run,
        "log": news.revision,
        "version": current,
        "first": news.first,
        "total": news.total,
        "held": news.held,
        "requests": [arrival.masked() for arrival in news.arrivals],
        "faults": traffic.faults.masked(),
        "settings": settings(state, traffic),
        "state": None
        if current == version
        else {
            "organisations": state.masked_organisations(),
            "integrations": [integration.masked() for integration in integrations[-ROWS:]],
            "integrations_total": len(integrations),
        },
    }


def settings(state: State, traffic: Traffic) -> dict[str, Any]:
    """Return all settings."""
    return current(state, traffic).model_dump()


def current(state: State, traffic: Traffic) -> Settings:
    """Return the settings with the rate limit that `traffic` keeps."""
    return state.settings.model_copy(update={"rate_limit": traffic.rate_limits.limit})
