"""Hooks that mkdocs calls for each page of the documentation; mkdocs.yml names this file under `hooks`."""

_DIALOG = 'data-md-component="search" role="dialog"'


def on_post_page(output: str, **_: object) -> str:
    """Give the theme's search dialog a name for screen readers."""
    return output.replace(_DIALOG, f'{_DIALOG} aria-label="Search"')
