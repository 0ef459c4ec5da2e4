#!/usr/bin/env bash
# Compiles the shop's snapshot for production, builds the service, sends it a few requests, and insists on the answers.
set -euo pipefail
cd "$(dirname "$0")"

ensign=../../.build/release/ensign
[ -x "$ensign" ] || ensign=../../.build/debug/ensign
[ -x "$ensign" ] || { echo "Please build first: examples/quickstart.sh" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$ensign" compile --environment production --flags ../../flags --out "$work/production.json"
swift build -q
.build/debug/checkout-service "$work/production.json" 2026-11-21T12:00:00Z <requests.jsonl | tee "$work/answers"
diff answers.tsv "$work/answers"
