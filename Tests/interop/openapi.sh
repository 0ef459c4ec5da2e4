#!/usr/bin/env bash
# The server's description of itself (/openapi.json), judged by other people's validators (openapi-spec-validator and
# jsonschema from PyPI) and by the server: every route answers as it says, to every token.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -c 'import openapi_spec_validator, jsonschema' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'openapi-spec-validator>=0.7,<1' 'jsonschema>=4.20,<5'
  PATH=$work/venv/bin:$PATH
fi
python3 Tests/interop/openapi.py "$PWD/.build/debug/ensign" "$work"
