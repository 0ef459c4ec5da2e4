#!/usr/bin/env bash
# Publishes the shop's flags into a store, builds the service, sends it a few requests, and insists on the answers: from
# the store, then from its state directory while the store is gone, then while the store is forged.
set -euo pipefail
cd "$(dirname "$0")"

ensign=../../.build/release/ensign
[ -x "$ensign" ] || ensign=../../.build/debug/ensign
[ -x "$ensign" ] || { echo "Please build first: examples/quickstart.sh" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Keys that live as long as this script, a commit of the shop's flags, and a store with it.
git init -q -b main "$work/shop"
cp -r ../../flags "$work/shop"
git -C "$work/shop" add -A
git -C "$work/shop" -c user.name=example -c user.email=example@example.com commit -q -m "The shop"
for key in root publish; do "$ensign" key new --no-passphrase --out "$work/$key.key" >/dev/null; done
"$ensign" trust init --root "$work/root.key" --publish "$work/publish.key.pub" --store "$work/store"
"$ensign" publish --environment production --store "$work/store" --key "$work/publish.key" --flags "$work/shop/flags"
# What a service is installed with.
cp "$work/store/trust/1.json" "$work/trust.json"

swift build -q

# serve WHAT: the answers must be the recorded ones.
serve() {
  echo "== $1"
  .build/debug/checkout-service "$work/store" "$work/trust.json" "$work/state" 2026-11-21T12:00:00Z \
    <requests.jsonl 2>"$work/log" | tee "$work/answers"
  cat "$work/log" >&2
  diff answers.tsv "$work/answers"
}

serve "from the store"
grep -q CURRENT "$work/log"
mv "$work/store" "$work/elsewhere"
serve "without a store, from the state directory"
grep -q UNREACHABLE "$work/log"
mv "$work/elsewhere" "$work/store"
latest=$work/store/environments/production/latest.json
sed -i 's/"sig":"..../"sig":"AAAA/' "$latest"
serve "with a forged store"
grep -Eq 'UNTRUSTED|MALFORMED' "$work/log"
