#!/usr/bin/env bash
# The findings of `ensign validate` in every format, judged by readers of other people's making: JSON Schemas and an
# XML Schema of the formats (Tests/interop/schemas, each with its source), and a model of SARIF from PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."
ensign=$PWD/.build/debug/ensign

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -c 'import jsonschema, rfc3986_validator, sarif_pydantic, xmlschema' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'jsonschema>=4.20,<5' 'rfc3986-validator>=0.1,<1' 'sarif-pydantic>=0.6,<1' 'xmlschema>=4,<5'
  PATH=$work/venv/bin:$PATH
fi

# A clean tree, one with a bit of everything, and one with more findings than GitHub shows.
mkdir "$work/clean" && cp -r flags "$work/clean/"
mkdir "$work/flawed" && cp -r Tests/EndToEndTests/Fixtures/flawed "$work/flawed/flags"
mkdir -p "$work/many/flags" && cp -r flags/. "$work/many/flags/"
for number in $(seq 30); do
  printf 'type: boolean\noff: offf # %s <&>"%%,:\n' "$number" >"$work/many/flags/definitions/a%20b-$number.yaml"
  printf 'type: boolean\noff: off\n' >"$work/many/flags/definitions/unused-$number.yaml"
done
for tree in clean flawed many; do
  for format in text json markdown github gitlab sarif junit rdjson; do
    status=0
    (cd "$work/$tree" && "$ensign" validate --format $format >"report.$format") || status=$?
    [ $status -eq "$([ $tree = clean ] && echo 0 || echo 1)" ] || { echo "$tree: $format: status $status"; exit 1; }
  done
  (cd "$work/$tree" && { "$ensign" test --format junit >tests.junit 2>/dev/null || true; })
done
python3 Tests/interop/report_formats.py "$work/clean" "$work/flawed" "$work/many"
