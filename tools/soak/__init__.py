"""Half an hour of bad weather: random runs of the real engine on several stacks against an emulated RootFi.

`python -m tools.soak --help`; docs/reliability.md has what it does and what was seen.
"""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
