#!/usr/bin/env bash
# Renews what a store has published, verifies the result as a client would, and warns before the trust file expires.
# For cron or a systemd timer, once a day:
#
#   17 3 * * *  flags  /opt/ensign/renew.sh /srv/flags /etc/ensign/trust.json /etc/ensign/publish.key
#
# STORE is the folder of the store, TRUST the trust file that services are installed with, each KEY a secret publish key
# (with a passphrase in the variable ENSIGN_PASSPHRASE, or none). Ends with status 0 if all is well; what it prints
# otherwise is for whoever reads the mail of cron.
set -euo pipefail
if [ $# -lt 3 ]; then
  echo "usage: renew.sh STORE TRUST KEY…" >&2
  exit 2
fi
store=$1 trust=$2
shift 2
keys=()
for key in "$@"; do keys+=(--key "$key"); done
ensign=${ENSIGN:-ensign}

"$ensign" publish --renew --all --store "$store" "${keys[@]}" >/dev/null
if ! report=$("$ensign" verify "$store" --trust "$trust"); then
  printf 'the store %s was renewed, and clients would refuse it:\n%s\n' "$store" "$report" >&2
  exit 1
fi
state=$("$ensign" trust show "$store" --format json | jq -r .state)
if [ "$state" != current ]; then
  printf 'the trust file of %s is %s: the root keys have to sign the next version (ensign help trust rotate)\n' \
    "$store" "$state" >&2
  exit 1
fi
