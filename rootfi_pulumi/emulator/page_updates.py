"""Collect what the page shows, limited to what changed since its last poll. Keys and secrets are masked."""

from typing import Any

from rootfi_pulumi.emulator.settings import Settings
from rootfi_pulumi.emulator.state import State
from rootfi_pulumi.emulator.traffic import Traffic

# The page shows only this many of the newest requests and integrations, because more make it slow.
ROWS = 500


def changes(state: State, traffic: Traffic, run: str, log: int, version: int) -> dict[str, Any]:
    """Return what to show on a page that has seen revision `log` and `version` of the emulator `run`.

    Contains the requests that arrived or changed, and, if any of them changed, all organisations and
    integrations, else None. `connect` is the organisation whose key a first client may use. A page that has
    seen another `run` gets everything.
    """
    if run != traffic.run:
        log = version = 0
    current = state.version
    news = traffic.since(log, ROWS)
    organisations = state.masked_organisations()
    integrations = state.masked_integrations() if current != version else []
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
        "connect": _connect(organisations[0]) if organisations else None,
        "state": None
        if current == version
        else {
            "organisations": organisations,
            "integrations": integrations[-ROWS:],
            "integrations_total": len(integrations),
        },
    }


def _connect(organisation: dict[str, Any]) -> dict[str, Any]:
    return {
        "organisation_id": organisation["id"],
        "organisation_name": organisation["name"],
        "made_up_key": organisation["made_up_key"],
    }


def settings(state: State, traffic: Traffic) -> dict[str, Any]:
    """Return all settings as JSON values."""
    return current(state, traffic).model_dump()


def current(state: State, traffic: Traffic) -> Settings:
    """Return the settings, with the rate limit from `traffic`."""
    return state.settings.model_copy(update={"rate_limit": traffic.rate_limits.limit})
