#!/usr/bin/env bash
# The findings of `ensign validate` and `ensign check` in every format, judged by readers of other people's making:
# JSON Schemas and an XML Schema of the formats (Tests/interop/schemas, each with its source), and from PyPI two readers of
# SARIF and one of JUnit's reports. No package registry has the schemas themselves but for these readers.
set -euo pipefail
cd "$(dirname "$0")/../.."
ensign=$PWD/.build/debug/ensign

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -c 'import jsonschema, junitparser, rfc3986_validator, sarif, sarif_pydantic, xmlschema' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'jsonschema>=4.20,<5' 'junitparser==5.0.3' 'rfc3986-validator>=0.1,<1' \
    'sarif-pydantic>=0.6,<1' 'sarif-tools==3.0.5' 'xmlschema>=4,<5'
  PATH=$work/venv/bin:$PATH
fi
formats='text json markdown github gitlab sarif junit rdjson'

# A clean tree, one with a bit of everything, and one with more findings than GitHub shows.
mkdir "$work/clean" && cp -r flags "$work/clean/"
mkdir "$work/flawed" && cp -r Tests/EndToEndTests/Fixtures/flawed "$work/flawed/flags"
mkdir -p "$work/many/flags" && cp -r flags/. "$work/many/flags/"
for number in $(seq 30); do
  printf 'type: boolean\noff: offf # %s <&>"%%,:\n' "$number" >"$work/many/flags/definitions/a%20b-$number.yaml"
  printf 'type: boolean\noff: off\n' >"$work/many/flags/definitions/unused-$number.yaml"
done
for tree in clean flawed many; do
  for format in $formats; do
    status=0
    (cd "$work/$tree" && "$ensign" validate --format $format >"report.$format") || status=$?
    [ $status -eq "$([ $tree = clean ] && echo 0 || echo 1)" ] || { echo "$tree: $format: status $status"; exit 1; }
  done
  (cd "$work/$tree" && { "$ensign" test --format junit >tests.junit 2>/dev/null || true; })
done

# Changes of a repository: nothing to find, warnings, a policy that is not kept, a failed test, and an error.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@acme.example \
  GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@acme.example
base=$work/base
mkdir -p "$base/flags/definitions" "$base/flags/environments/production" "$base/flags/tests"
cat >"$base/flags/ensign.yaml" <<'YAML'
format: 1
project: acme-shop
environments: [production]
attributes:
  country: {type: string}
owners:
  search: {contact: "#search"}
policies:
  production: {maxMove: 20}
YAML
printf 'type: boolean\noff: off\nkind: operational\nowner: search\ndescription: Ranks results <&> "better".\n' \
  >"$base/flags/definitions/search-ranking.yaml"
config=flags/environments/production/search-ranking.yaml
cat >"$base/$config" <<'YAML'
enabled: true
rules:
  - {name: gb, when: {country: GB}, serve: {split: {on: 50, off: 50}}}
otherwise: off
YAML
printf -- '- {flag: search-ranking, environment: production, given: {country: FR}, expect: off}\n' \
  >"$base/flags/tests/search-ranking.yaml"
git init -q -b main "$base"
(cd "$base" && git add -A && git commit -qm 'Rank search results')
change() { # NAME STATUS EDIT…: a change of the base, and how its check ends
  local name=$1 expected=$2 status
  shift 2
  git clone -q "$base" "$work/$name"
  cd "$work/$name"
  "$@"
  for format in $formats; do
    status=0
    "$ensign" check --base main --format "$format" >"report.$format" || status=$?
    [ $status -eq "$expected" ] || { echo "$name: $format: status $status"; exit 1; }
  done
  cd - >/dev/null
}
change change-clean 0 sed -i 's/on: 50, off: 50/on: 55, off: 45/' "$config"
change change-warned 0 sed -i '/name: gb/a\  - {name: again, when: {country: GB, targetingKey: {exists: true}}, serve: on}' "$config"
change change-refused 1 sed -i 's/on: 50, off: 50/off: 50, on: 50/' "$config"
change change-failing 1 sed -i 's/^otherwise: off/otherwise: {split: {on: 10, off: 90}}/; s/country: GB/country: FR/' "$config"
change change-broken 1 sed -i 's/^otherwise: off/otherwise: offf/' "$config"
python3 Tests/interop/report_formats.py "$work/clean" "$work/flawed" "$work/many" "$work"/change-*
