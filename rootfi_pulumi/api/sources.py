"""What messages call the places that give the settings of a call: only who made the settings knows them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sources:
    """The place of each setting that an advice names, and what to add to the advice to change it."""

    api_key: str = "the API key"
    base_url: str = "the base URL"
    timeout: str = "the timeout"
    after_key: str = ""
    after_url: str = ""
