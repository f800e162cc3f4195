"""How long a test waits for what must happen.

A wait that succeeds takes only as long as what it waits for, so patience is generous. One factor scales it:
set TEST_PATIENCE=3 on a machine where 120 s are not enough.
"""

import os

PATIENCE = 120 * float(os.environ.get("TEST_PATIENCE", "1"))
"""Seconds."""
