#!/usr/bin/env bash
# Random flags trees: YAML through the compiler and the evaluator in Swift, against the meaning that their generator wrote
# down and the evaluator in Python. The two paths share no code. `random-trees.sh COUNT SEED` for others than the usual.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
count=${1:-60} seed=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ensign=.build/debug/ensign
fields='[.flags[] | {flag, value, variant, reason, rule}]'

python3 Tests/interop/random_trees.py "$work" "$count" "$seed"
compared=0
for folder in "$work"/*/; do
  "$ensign" compile --environment live --flags "$folder/flags" --out "$folder/snapshot.json" --quiet
  for now in 2026-01-01T00:00:00Z 2026-06-30T23:59:59.500Z 2027-01-01T07:59:59Z; do
    "$ensign" eval --snapshot "$folder/snapshot.json" --contexts "$folder/contexts.jsonl" --now "$now" --format json |
      jq -cS "$fields" >"$work/swift"
    python3 examples/python/snapshot_reader.py "$folder/meaning.json" "$folder/contexts.jsonl" --now "$now" |
      jq -cS "$fields" >"$work/python"
    [ "$(wc -l <"$work/python")" -eq 60 ]
    if ! cmp -s "$work/swift" "$work/python"; then
      echo "tree ${folder#"$work/"} of seed $seed at $now: different answers. The context, then Swift (<) and Python (>):"
      line=$(diff "$work/swift" "$work/python" | sed -n '1s/[^0-9].*//p')
      sed -n "${line}p" "$folder/contexts.jsonl"
      diff <(sed -n "${line}p" "$work/swift" | jq -c '.[]') <(sed -n "${line}p" "$work/python" | jq -c '.[]')
      exit 1
    fi
    compared=$((compared + 60))
  done
done
[ $compared -eq $((count * 180)) ]
echo "$count trees, $compared contexts with 7 flags each: the same answers on both paths"
