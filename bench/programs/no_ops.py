"""The second floor, as often as BENCH_SIZE says."""

import os

from no_op import NoOp

for number in range(int(os.environ["BENCH_SIZE"])):
    NoOp(f"resource-{number}", number)
