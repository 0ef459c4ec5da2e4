#!/usr/bin/env bash
# The reader in Swift against the one in Python, which was written from the description of the format: every flag of the
# shop, in every environment, for thousands of random contexts, at times around every date that the shop names.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ensign=.build/debug/ensign
contexts=700

"$ensign" compile --all --flags flags --out "$work/snapshots"
python3 Tests/interop/random_contexts.py $contexts 1 >"$work/contexts.jsonl"
compared=0
for now in 2026-01-01T00:00:00Z 2026-11-18T12:00:00Z 2026-11-24T20:00:00.001Z 2026-12-16T12:00:00Z \
  2026-12-21T23:59:59.999Z 2027-01-12T02:30:00Z 2027-02-01T00:00:00Z; do
  for snapshot in "$work"/snapshots/*.json; do
    "$ensign" eval --snapshot "$snapshot" --contexts "$work/contexts.jsonl" --now "$now" --format json >"$work/swift.jsonl"
    python3 examples/python/snapshot_reader.py "$snapshot" "$work/contexts.jsonl" --now "$now" >"$work/python.jsonl"
    for side in swift python; do
      jq -cS '[.flags[] | {flag, value, variant, reason, rule}]' "$work/$side.jsonl" >"$work/$side.plain"
    done
    [ "$(wc -l <"$work/python.plain")" -eq $contexts ]
    if ! cmp -s "$work/swift.plain" "$work/python.plain"; then
      echo "$snapshot at $now: the readers disagree. First the context, then Swift, then Python:"
      line=$(cmp "$work/swift.plain" "$work/python.plain" | sed 's/.*line //')
      sed -n "${line}p" "$work/contexts.jsonl"
      diff <(sed -n "${line}p" "$work/swift.plain" | jq '.[]' -c) <(sed -n "${line}p" "$work/python.plain" | jq '.[]' -c)
      exit 1
    fi
    compared=$((compared + contexts))
  done
done
[ $compared -ge $((contexts * 21)) ]
echo "$compared contexts, all flags: both readers agree"
