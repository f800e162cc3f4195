"""What messages call the places that give settings: the stack's config, a RootFiProvider, a variable."""

from dataclasses import dataclass

from rootfi_pulumi.api.printable import excerpt

KEY_VARIABLE, URL_VARIABLE = "ROOTFI_API_KEY", "ROOTFI_BASE_URL"
# Characters of a provider's name that a message shows.
_LONGEST_NAME = 80
# Refresh and destroy use the config that the state holds; no state holds a variable.
_STORED = "; after changing the {}, give refresh and destroy --run-program"


@dataclass(frozen=True)
class Sources:
    """The place of each setting. By default, those of the stack's config and the environment."""

    api_key: str = f"rootfi:apiKey or {KEY_VARIABLE}"
    base_url: str = f"rootfi:baseUrl or {URL_VARIABLE}"
    timeout: str = "rootfi:timeoutSeconds"
    concurrency: str = "rootfi:concurrency"

    @property
    def after_key(self) -> str:
        """What to add to an advice to change the API key; nothing if only a variable holds it."""
        return "" if self.api_key == KEY_VARIABLE else _STORED.format("key")

    @property
    def after_url(self) -> str:
        """What to add to an advice to change the address; nothing if only a variable holds it."""
        return "" if self.base_url == URL_VARIABLE else _STORED.format("address")


def explicit(provider: str | None) -> Sources:
    """Return the places of settings that a RootFiProvider of this name gives; None is the stack's config."""
    if provider is None:
        return Sources(api_key="rootfi:apiKey", base_url="rootfi:baseUrl")
    whose = f'of RootFiProvider "{excerpt(provider, _LONGEST_NAME)}"'
    return Sources(
        *(f"{argument} {whose}" for argument in ("api_key", "base_url", "timeout_seconds", "concurrency"))
    )
