#!/usr/bin/env bash
# A server under attack: the script hostile-http.py against `ensign serve` over a store that is published here.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ensign=$PWD/.build/debug/ensign
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
(
  cd "$work"
  git init -q -b main .
  printf '/*.key\n/*.pub\n/store\n' >.gitignore
  "$ensign" init flags --project shop --quiet >/dev/null
  git add -A
  git commit -q -m first
  for name in root ci; do "$ensign" key new --out "$name.key" --no-passphrase >/dev/null; done
  "$ensign" trust init --root root.key --publish ci.key.pub --store store >/dev/null
  "$ensign" publish --all --store store --key ci.key --quiet >/dev/null
)
python3 Tests/interop/hostile-http.py "$ensign" "$work/store" "$work/store/trust/1.json" --connections "${1:-500}"
