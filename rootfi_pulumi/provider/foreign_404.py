"""Keeps an integration in the state when something other than RootFi answers that it is missing."""

from shlex import quote

from rootfi_pulumi.api.errors import NotFound
from rootfi_pulumi.provider.boundary import ProviderError, resource_urn
from rootfi_pulumi.provider.phrases import FOREIGN_404


def refuse_foreign_404(missing: NotFound) -> None:
    """Raise ProviderError for a 404 that is not one of RootFi's documented errors.

    A wrong address answers 404 as well: to forget an integration for that would be to create it twice.
    """
    if not missing.documented:
        urn = resource_urn() or "<its URN>"
        raise ProviderError(
            f"{missing.method} {missing.path}: {FOREIGN_404}, so the integration is not treated as gone\n"
            f"  Check {missing.sources.base_url}. If RootFi no longer has it, remove it from the state:\n"
            f"    pulumi state delete {quote(urn)}"
        )
