#!/usr/bin/env bash
# The YAML reader against PyYAML's loader in Python, which shares no code with libyaml: the corpus, the shop's files and
# random documents, whole and damaged, must give the same nodes in the same places, or be refused by both.
# `yaml-oracle.sh COUNT SEED` for others than the usual.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
count=${1:-1500} seed=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pyyaml==6.0.2
"$work/venv/bin/python" Tests/interop/yaml_oracle.py write "$work/documents" "$count" "$seed"
swift build --quiet --package-path Tests/Fuzz --product dump-yaml
find "$work/documents" Tests/YAMLTests/Fixtures/corpus flags -name '*.yaml' | sort >"$work/list"
[ "$(wc -l <"$work/list")" -gt "$count" ]
xargs Tests/Fuzz/.build/debug/dump-yaml <"$work/list" >"$work/dump.jsonl"
"$work/venv/bin/python" Tests/interop/yaml_oracle.py compare "$work/list" "$work/dump.jsonl"
