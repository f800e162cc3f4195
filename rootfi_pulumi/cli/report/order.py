"""Sorts stacks by stage, from development to production."""

import re

_STAGES = (
    ("dev", "develop", "development", "local", "sandbox", "preview"),
    ("test", "testing", "qa", "ci", "integration"),
    ("staging", "stage", "stg", "uat", "preprod", "acceptance", "demo"),
    (),  # any other name
    ("prod", "production", "prd", "live"),
)
_OTHER = _STAGES.index(())


def sort_stacks(stacks: list[str]) -> list[str]:
    """Return stacks sorted by the stage in a part of the name (`prod-eu`: production), then by name."""
    return sorted(stacks, key=lambda name: (stage_of(name), name))


def stage_of(name: str) -> int:
    """Return the stage in a part of the name, as a number that grows towards production."""
    parts = set(re.split(r"[^a-z]+", name.lower()))
    return next((number for number, words in enumerate(_STAGES) if parts & set(words)), _OTHER)
