#!/usr/bin/env bash
# A disk that is full, under a relay's state and under a store that takes publications: what is served goes on being served,
# the health or the answer says why, and all is well again when there is room. The disk is a small file system in memory,
# which a namespace of its own lets any user mount.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${ENSIGN_OWN_MOUNTS-}" ]; then
  export ENSIGN_OWN_MOUNTS=1
  if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then exec unshare -m "$0"; fi
  exec unshare -rm "$0"
fi
ensign=$PWD/.build/debug/ensign
work=$(mktemp -d)
pids=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait
  umount "$work/small" "$work/store" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
mkdir "$work/small" "$work/store"
mount -t tmpfs -o size=512k none "$work/small"
mount -t tmpfs -o size=512k none "$work/store"
. Tests/interop/signed-shop.sh
signed_shop "$work" -e production
"$ensign" token new --scope publish -e production --tokens tokens >token

# serve NAME OPTION…: starts a server; its address is in $address, its log in NAME.log.
serve() {
  local name=$1
  shift
  "$ensign" serve --port 0 "$@" >"$name" 2>"$name.log" &
  pids+=($!)
  for _ in $(seq 100); do [ -s "$name" ] && break; sleep 0.1; done
  address=$(cat "$name")
}

# until_true COMMAND…: waits for it, fifteen seconds at most.
until_true() {
  for _ in $(seq 150); do "$@" && return; sleep 0.1; done
  echo "in vain: $*" >&2
  cat ./*.log >&2
  return 1
}

fill() { dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null || [ -s "$1/filler" ]; }
# The sequence that a server has.
sequence() { curl -sS -H "Authorization: Bearer $(cat token)" "$1/v1/environments/production/latest.json" | jq -r .payload | base64 -d | jq .sequence; }
is_at() { [ "$(sequence "$1" 2>/dev/null)" = "$2" ]; }
health() { curl -sS -H "Authorization: Bearer $(cat token)" "$1/healthz"; }
says() { health "$1" | jq -e "$2" >/dev/null; }
# next_commit: another state of a flag.
next_commit() {
  verb=$([ "${verb-}" = disable ] && echo enable || echo disable)
  "$ensign" --quiet "$verb" payments-api --environment production
  git commit -qam "$verb it"
}

serve upstream store --trust store/trust/1.json --tokens tokens
upstream=$address
ENSIGN_TOKEN=$(cat token) serve relay "$upstream/v1" --follow --trust store/trust/1.json --state small -e production
relay=$address
until_true is_at "$relay" 1
publish=("$ensign" publish -e production --store "$upstream/v1" --key ci.key --token-file token)

echo "== A relay whose disk is full"
fill small
next_commit
"${publish[@]}" >/dev/null
until_true is_at "$upstream" 2
until_true says "$relay" '.status == "red"'
health "$relay" | jq -c .
says "$relay" '.environments.production | .status == "UNSTORED" and (.message | test("[Nn]o space"))'
curl -sSf "$relay/v1/environments/production/snapshot.json" >/dev/null
grep -q '"status":"UNSTORED"' relay.log
rm small/filler
until_true says "$relay" '.status == "green"'
until_true is_at "$relay" 2
next_commit
"${publish[@]}" >/dev/null
until_true is_at "$relay" 3

echo "== A store whose disk is full"
fill store
find store -type f ! -name filler -exec sha256sum {} + | sort >before
next_commit
! "${publish[@]}" 2>error || { echo "published without room"; exit 1; }
cat error
grep -qi "store" error
grep '"event":"publication"' upstream.log | grep -qi 'no space'
is_at "$upstream" 3
says "$upstream" '.status == "green"'
! "$ensign" publish -e production --store store --key ci.key 2>error || { echo "published without room"; exit 1; }
grep -qi 'no space' error
# What it had is as it was, and nothing is left of what it could not take.
find store -type f ! -name filler -exec sha256sum {} + | sort | diff before -
rm store/filler
"${publish[@]}" >/dev/null
until_true is_at "$upstream" 4
until_true is_at "$relay" 4
for pid in "${pids[@]}"; do kill -0 "$pid"; done
echo "served all the while, and well again"
