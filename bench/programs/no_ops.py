"""The second floor: BENCH_SIZE no-op resources."""

import os

from no_op import NoOp

for number in range(int(os.environ["BENCH_SIZE"])):
    NoOp(f"resource-{number}", number)
