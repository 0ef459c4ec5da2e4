#!/usr/bin/env bash
# A tour by doing, on a temporary copy of the shop: make a mistake and see it reported, mend it, test, compile, ask who
# gets what and why. Every step says what should come out of it, and the script fails if something else does.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -x .build/release/ensign ]; then build=release; else build=debug; fi
[ -x ".build/$build/ensign" ] || { echo "Please build first: examples/quickstart.sh" >&2; exit 2; }
PATH=$PWD/.build/$build:$PATH

shop=$(mktemp -d)
trap 'rm -rf "$shop"' EXIT
cp -R flags "$shop/flags"
cd "$shop"
production=flags/environments/production

say() { printf '\n# %s\n' "$*"; }

# expect STATUS COMMAND…: shows a command, runs it, and insists on its exit status.
expect() {
  local wanted=$1 status=0
  shift
  printf '$ %s\n' "$*"
  "$@" || status=$?
  if [ "$status" -ne "$wanted" ]; then
    echo "walkthrough: '$*' ended with status $status, expected $wanted" >&2
    exit 1
  fi
}

say "The shop as it is: validate prints nothing that needs attention and exits with 0."
expect 0 ensign validate

say "Somebody means France, and writes FRA. The attribute's values are closed, so this is an error, at its place."
sed -i 's/country: \[DE, FR\]/country: [DE, FRA]/' $production/payments/checkout-v2.yaml
expect 1 ensign validate

say "Mended."
sed -i 's/country: \[DE, FRA\]/country: [DE, FR]/' $production/payments/checkout-v2.yaml
expect 0 ensign validate

say "A change that is valid, and wrong: the maintenance window loses its end. The tests of the flag know better."
sed -i 's/, before: 2027-01-12T03:30:00Z//' $production/platform/maintenance-mode.yaml
expect 0 ensign validate
expect 1 ensign test

say "Taken back."
sed -i 's/now: {atLeast: 2027-01-12T02:00:00Z}/now: {atLeast: 2027-01-12T02:00:00Z, before: 2027-01-12T03:30:00Z}/' \
  $production/platform/maintenance-mode.yaml
expect 0 ensign test

say "The snapshot that a service loads. The same tree gives the same bytes, and a comment is not part of them."
expect 0 ensign compile --environment production --out before.json
echo "# a comment" >>$production/payments/checkout-v2.yaml
expect 0 ensign compile --environment production --out after.json
expect 0 cmp before.json after.json

say "Who gets what?"
premium='{"targetingKey": "user-7", "country": "FR", "plan": "premium", "appVersion": "2.4.0", "company": {"id": "wayne"}}'
expect 0 ensign eval checkout-v2 --environment production --context "$premium"

say "And why: every rule, every condition with the value that it saw."
expect 0 ensign explain checkout-v2 --environment production --context "$premium"

say "What will it be in the maintenance window? The prerequisite fails, two flags away."
expect 0 ensign explain checkout-v2 --environment production --context "$premium" --now 2027-01-12T02:30:00Z

say "A flag that does not exist: the nearest name is suggested."
expect 1 ensign eval chekout-v2 --environment production --context targetingKey=user-1
