#!/usr/bin/env bash
# The JSON Schemas that `ensign schema` prints, judged by a validator of other people's making (jsonschema from PyPI):
# they are valid schemas, every file of flags/ obeys them, and each of a list of mistakes does not.
set -euo pipefail
cd "$(dirname "$0")/../.."
ensign=$PWD/.build/debug/ensign

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -c 'import jsonschema, yaml' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'jsonschema>=4.20,<5' 'PyYAML>=6,<7'
  PATH=$work/venv/bin:$PATH
fi
for kind in manifest definition environment segment test; do "$ensign" schema "$kind" >"$work/$kind.json"; done
python3 Tests/interop/schemas.py "$work" flags
