#!/usr/bin/env bash
# `ensign export flagd` judged by flagd's own evaluator and provider (openfeature-provider-flagd from PyPI): the shop and
# random trees give the variants and values that Ensign gives, and percentages the same shares.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
ensign=$PWD/.build/debug/ensign
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. Tests/interop/python-clients.sh
require_python_clients

python3 Tests/interop/random_contexts.py 250 3 >"$work/contexts.jsonl"
for environment in development staging production; do
  printf 'the shop, %s: flags, left out, exact answers, percentages: ' "$environment"
  python3 Tests/interop/flagd_export.py "$ensign" flags "$environment" "$work/contexts.jsonl" \
    2026-01-01T00:00:00Z 2026-11-24T20:00:00Z 2027-02-01T00:00:00Z | tee "$work/counts"
  read -r written _ exact _ <"$work/counts"
  [ "$written" -ge 4 ] && [ "$exact" -ge 1000 ]
done

python3 Tests/interop/random_trees.py "$work/trees" 25 5
total=0
for folder in "$work"/trees/*/; do
  python3 Tests/interop/flagd_export.py "$ensign" "${folder}flags" live "${folder}contexts.jsonl" \
    2026-01-01T00:00:00Z 2026-06-30T23:59:59Z 2027-01-01T07:59:59Z >"$work/counts"
  read -r _ _ exact _ <"$work/counts"
  total=$((total + exact))
done
echo "25 random trees: $total exact answers, all of them Ensign's"
[ $total -ge 2500 ]

python3 Tests/interop/flagd_provider.py "$ensign" "$work"
