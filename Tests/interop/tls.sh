#!/usr/bin/env bash
# `ensign serve` with TLS and tokens: read by curl, published to and pulled from by `ensign`, over a certificate of openssl's.
set -euo pipefail
cd "$(dirname "$0")/../.."
ensign=$PWD/.build/debug/ensign
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; wait "$server" || true; fi; rm -rf "$work"' EXIT
cp -r flags "$work"
cd "$work"
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com
export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
git init -q -b main . && git add -A && git commit -qm flags
for key in root ci; do "$ensign" key new --no-passphrase --out $key.key >/dev/null; done
"$ensign" trust init --root root.key --publish ci.key --store store >/dev/null
"$ensign" publish --all --store store --key ci.key >/dev/null
"$ensign" token new --scope publish -e development -e staging -e production --tokens tokens >token
"$ensign" token new --scope read -e staging --tokens tokens >other
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out certificate.pem -days 2 \
  -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null

"$ensign" serve store --trust store/trust/1.json --port 0 --tokens tokens --tls-cert certificate.pem --tls-key key.pem \
  >address 2>log &
server=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
address=$(cat address)
case "$address" in https://127.0.0.1:*) ;; *) echo "no https address: $address"; cat log; exit 1 ;; esac

# get TOKEN PATH: the status.
get() { curl -sS --cacert certificate.pem -o answer -w '%{http_code}' -H "Authorization: Bearer $(cat "$1")" "$address$2"; }
for _ in $(seq 100); do [ "$(get token /readyz)" = 200 ] && break; sleep 0.1; done
[ "$(get token /v1/environments/production/latest.json)" = 200 ]
cmp answer store/environments/production/latest.json
[ "$(get other /v1/environments/production/latest.json)" = 403 ]
[ "$(curl -sS --cacert certificate.pem -o /dev/null -w '%{http_code}' "$address/v1/environments/production/latest.json")" = 401 ]
! curl -sS -o answer "$address/v1/trust/1.json" 2>/dev/null || { echo "curl took an unknown certificate"; exit 1; }

# Without the authority nothing is sent, with it a new commit is published and pulled.
git commit -q --allow-empty -m "the next one"
publish=("$ensign" publish --all --store "$address/v1" --key ci.key --token-file token)
! "${publish[@]}" 2>error || { echo "an unknown certificate was taken"; exit 1; }
grep -q certificate error
export SSL_CERT_FILE=$work/certificate.pem
"${publish[@]}" | grep -c "sequence 2" | grep -qx 3
"$ensign" verify "$address/v1" --trust store/trust/1.json -e production --token-file token >report
grep -q "production: CURRENT, sequence 2" report || { cat report; exit 1; }
"$ensign" pull "$address/v1" -e production --trust store/trust/1.json --into pulled --token-file token | grep "sequence 2"
! "$ensign" publish -e production --renew --store "$address/v1" --key ci.key --token-file other 2>error
grep -q "not for that" error || { cat error; exit 1; }
! grep -qF -f token log || { echo "the token stands in the log"; exit 1; }
