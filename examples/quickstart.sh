#!/usr/bin/env bash
# From a fresh Debian 12 machine with Swift 6.3 to evaluated flags: installs the Debian packages that are missing, builds
# the command line, then checks, tests, compiles and evaluates the example shop in flags/.
set -euo pipefail
cd "$(dirname "$0")/.."

. examples/debian-packages.sh
# shellcheck disable=SC2086  # a list of words
require_packages $build_packages

echo "Building the command line (a few minutes the first time)"
swift build -c release --static-swift-stdlib -Xlinker -s --product ensign -q
ensign=$(swift build -c release --show-bin-path)/ensign

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# run COMMAND…: shows a command, then runs it.
run() {
  printf '\n$ %s\n' "$*" | sed -e "s|$ensign|ensign|" -e "s|$out|\$out|"
  "$@"
}

run "$ensign" validate
run "$ensign" test
run "$ensign" compile --all --out "$out"
run ls "$out"
run "$ensign" eval checkout-v2 --environment production --context '{"targetingKey": "user-1001"}'
run "$ensign" explain search-page-size --environment production --context targetingKey=user-1 screenWidth=390

cat <<END

Done: built $ensign,
checked and tested the flags tree in flags/, compiled a snapshot for each environment (into a temporary folder, removed
again), and evaluated two flags. Next:
  examples/walkthrough.sh        make a mistake, see it reported, mend it, test, compile, explain
  examples/swift-service/run.sh  a service that evaluates flags in its own process
  Tests/run.sh                   everything that must pass
END
