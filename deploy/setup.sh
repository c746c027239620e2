#!/bin/sh
# Finds a Python that Mien's packages support and lets it do the set-up: setup.sh [run|test]
set -eu
cd "$(dirname "$0")/.."

for python in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
    then
        exec "$python" -m deploy.setup "$@"
    fi
done

echo "Mien needs Python 3.11, 3.12 or 3.13: install the package python3.11 (or newer)" \
    "with its python3.11-venv, then run the same command again." >&2
exit 1
