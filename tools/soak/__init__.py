"""Half an hour of bad weather: random runs of the real engine on several stacks against an emulated RootFi.

`python -m tools.soak --help`; docs/reliability.md has what it does and what was seen.
"""

import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

# The tests' own way to run and to kill `pulumi`, found as pytest finds it.
sys.path += [str(REPOSITORY / "tests" / "e2e"), str(REPOSITORY / "tests" / "support")]
