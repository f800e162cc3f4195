#!/bin/sh
# The command of this clone: `make setup` copies this file to .venv/bin. An editable install would need a build
# backend, which requirements.txt does not have.
bin=$(cd "$(dirname "$0")" && pwd)
exec "$bin/python" -c 'import sys
sys.path[0] = sys.argv.pop(1)
from rootfi_pulumi.cli import main
main()' "$(cd "$bin/../.." && pwd)" "$@"
