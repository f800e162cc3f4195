"""The tools need Linux, some to be imported: elsewhere no test of this folder is collected."""

import sys

collect_ignore_glob = [] if sys.platform == "linux" else ["*"]
