#!/usr/bin/env bash
# `ensign serve` with TLS and tokens: read by curl, published to and pulled from by `ensign`, over a certificate of openssl's.
set -euo pipefail
cd "$(dirname "$0")/../.."
ensign=$PWD/.build/debug/ensign
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; wait "$server" || true; fi; rm -rf "$work"' EXIT
. Tests/interop/signed-shop.sh
signed_shop "$work" --all
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

# Who sends a body that is too large reads why, with a length and in chunks; curl reports a reset connection as an error.
head -c 8000000 /dev/zero >large
for _ in 1 2 3 4 5; do
  for field in Content-Type:application/json Transfer-Encoding:chunked; do
    [ "$(curl -sS --cacert certificate.pem -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $(cat token)" -H Expect: \
      -H "$field" --data-binary @large "$address/ofrep/v1/evaluate/flags")" = 413 ]
  done
done

# SIGHUP takes another certificate, with a chain, for new connections; those that there are go on, and none is refused
# meanwhile. What does not fit together changes nothing.
shown() { openssl s_client -connect "${address#https://}" -showcerts </dev/null 2>/dev/null; }
fingerprint() { shown | openssl x509 -noout -fingerprint -sha256 2>/dev/null; }
is_shown() { [ "$(fingerprint)" = "$(openssl x509 -in "$1" -noout -fingerprint -sha256)" ]; }
until_true() { for _ in $(seq 100); do "$@" && return; sleep 0.1; done; echo "in vain: $*" >&2; cat log >&2; return 1; }
is_shown certificate.pem
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=authority 2>/dev/null
openssl req -newkey rsa:2048 -nodes -keyout second.key -out second.csr -subj /CN=localhost 2>/dev/null
openssl x509 -req -in second.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out second.pem -days 1 \
  -extfile <(echo subjectAltName=IP:127.0.0.1) 2>/dev/null
cp certificate.pem first.pem
cp key.pem first.key
mkfifo input
openssl s_client -quiet -connect "${address#https://}" <input >kept 2>/dev/null &
exec 3>input
ask_again() { printf 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n' >&3; }
ask_again
until_true grep -q ' 200 ' kept
# It holds the connection open for as long as the others come and go.
cat second.pem ca.pem >certificate.pem
cp second.key key.pem
kill -HUP "$server"
until_true is_shown second.pem
[ "$(shown | grep -c 'BEGIN CERTIFICATE')" = 2 ]
[ "$(curl -sS --cacert ca.pem -o answer -w '%{http_code}' "$address/healthz")" = 200 ]
ask_again
until_true eval '[ "$(grep -c " 200 " kept)" = 2 ]'
exec 3>&-
cp first.key key.pem  # the key of another certificate
kill -HUP "$server"
until_true grep -q 'in force are still the old ones: .*key' log
is_shown second.pem
rm key.pem
kill -HUP "$server"
until_true grep -q 'in force are still the old ones: .*key.pem' log
is_shown second.pem
cat first.pem second.pem ca.pem >both.pem
for round in $(seq 20); do
  case $((round % 2)) in 0) cp first.pem certificate.pem; cp first.key key.pem ;; *) cp second.pem certificate.pem; cp second.key key.pem ;; esac
  kill -HUP "$server"
  for _ in 1 2 3; do curl -sSf --cacert both.pem -o /dev/null "$address/healthz"; done
done
until_true is_shown first.pem
! "$ensign" serve store --port 0 --tls-cert second.pem --tls-key first.key 2>error || { echo "started with another's key"; exit 1; }
grep -q 'key' error
