"""Called by mkdocs for each page of the documentation: mkdocs.yml names this file under `hooks`."""

_DIALOG = 'data-md-component="search" role="dialog"'


def on_post_page(output: str, **_: object) -> str:
    """Name the theme's search dialog, for those who hear the page."""
    return output.replace(_DIALOG, f'{_DIALOG} aria-label="Search"')
