#!/usr/bin/env bash
# The server's description of itself (/openapi.json), judged by other people's validators (openapi-spec-validator and
# jsonschema from PyPI) and by the server: every route answers as it says, to every token.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. Tests/interop/python-clients.sh
require_python_clients
python3 Tests/interop/openapi.py "$PWD/.build/debug/ensign" "$work"
