"""A soak test: random runs of the real engine on several stacks, with faults in an emulated RootFi.

See `python -m tools.soak --help`; docs/reliability.md describes it and its results.
"""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
