#!/usr/bin/env bash
# From a fresh Debian 12 machine with Swift 6.3 to evaluated and published flags: installs the Debian packages that are
# missing, builds the command line, then checks, tests, compiles, evaluates, signs and verifies the example shop in flags/.
set -euo pipefail
cd "$(dirname "$0")/.."

. examples/debian-packages.sh
# shellcheck disable=SC2086  # a list of words
require_packages $build_packages jq openssl

echo "Building the command line (a few minutes the first time)"
# Without a path of its own to libraries, which would be looked for in twenty places before the system's.
swift build -c release --static-swift-stdlib --disable-local-rpath -Xlinker -s --product ensign -q
ensign=$(swift build -c release --show-bin-path)/ensign
export ENSIGN=$ensign

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# run COMMAND…: shows a command, then runs it.
run() {
  printf '\n$ %s\n' "$*" | sed -e "s|$ensign|ensign|g" -e "s|$out|\$out|g"
  "$@"
}

run "$ensign" validate
run "$ensign" test
run "$ensign" compile --all --out "$out"
run ls "$out"
run "$ensign" eval checkout-v2 --environment production --context '{"targetingKey": "user-1001"}'
run "$ensign" explain search-page-size --environment production --context targetingKey=user-1 screenWidth=390

# Publishing: a commit, signed with keys that live as long as this script.
shop=$out/shop
git init -q -b main "$shop"
cp -r flags "$shop"
git -C "$shop" add -A
git -C "$shop" -c user.name=quickstart -c user.email=quickstart@example.com commit -q -m "The shop"
run "$ensign" key new --no-passphrase --out "$out/root.key"
run "$ensign" key new --no-passphrase --out "$out/publish.key"
run "$ensign" trust init --root "$out/root.key" --publish "$out/publish.key.pub" --store "$out/store"
run "$ensign" publish --all --store "$out/store" --key "$out/publish.key" --flags "$shop/flags"
run "$ensign" verify "$out/store" --trust "$out/store/trust/1.json" --rebuild --flags "$shop/flags"
run examples/renew.sh "$out/store" "$out/store/trust/1.json" "$out/publish.key"

cat <<END

Done: built $ensign,
checked and tested the flags tree in flags/, compiled a snapshot for each environment (into a temporary folder, removed
again), evaluated two flags, and published a commit into a store with keys of its own (removed again too). Next:
  examples/walkthrough.sh        make a mistake, see it reported, mend it, test, compile, explain
  examples/audit.sh              who turned it on, when, why, and what a customer saw on Tuesday
  examples/swift-service/run.sh  a service that evaluates flags in its own process
  Tests/run.sh                   everything that must pass
END
