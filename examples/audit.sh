#!/usr/bin/env bash
# An audit by doing, on a temporary copy of the shop with a history of two weeks and signed commits: customers in France
# complained that checkout was another one on Tuesday. Who turned that on, when, and why? Was it really them? What did one
# customer see? The script fails if an answer lacks what it should say.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -x .build/release/ensign ]; then build=release; else build=debug; fi
[ -x ".build/$build/ensign" ] || { echo "Please build first: examples/quickstart.sh" >&2; exit 2; }
PATH=$PWD/.build/$build:$PATH

. examples/debian-packages.sh
require_packages git jq openssh-client

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/shop"
cp -R flags "$work/shop/flags"
cd "$work/shop"
export HOME=$work GIT_CONFIG_NOSYSTEM=1 TZ=UTC
checkout=flags/environments/production/payments/checkout-v2.yaml
tuesday=$(date -d 'last tuesday' +%F)

say() { printf '\n# %s\n' "$*"; }

# ask TEXT COMMAND…: shows a command, runs it, and insists on TEXT in its answer.
ask() {
  local wanted=$1 answer
  shift
  printf '$ %s\n' "$*"
  answer=$("$@")
  printf '%s\n' "$answer"
  if [[ $answer != *"$wanted"* ]]; then
    echo "audit: the answer lacks '$wanted'" >&2
    exit 1
  fi
}

# commit NAME DAYS KEY MESSAGE…: everything, by somebody, so many days before that Tuesday; without a key unsigned.
commit() {
  local name=$1 key=$3 time
  time=$(date -d "$tuesday - $2 days" +%FT16:00:00Z)
  shift 3
  git add -A
  GIT_AUTHOR_NAME=$name GIT_AUTHOR_EMAIL=${name,,}@shop.example GIT_AUTHOR_DATE=$time GIT_COMMITTER_NAME=$name \
    GIT_COMMITTER_EMAIL=${name,,}@shop.example GIT_COMMITTER_DATE=$time \
    git -c gpg.format=ssh -c "user.signingKey=$work/$key.pub" commit -q ${key:+-S} "${@/#/--message=}"
}

# ---- A history, as a team makes it with an editor and git.

git init -q -b main .
for key in rosa lena thief; do ssh-keygen -q -t ed25519 -N '' -C "$key" -f "$work/$key"; done

commit Rosa 15 '' "The shop's flags"
mkdir .ensign
for name in rosa lena; do echo "$name@shop.example $(cut -d' ' -f1,2 "$work/$name.pub")"; done > .ensign/allowed_signers
commit Rosa 14 '' "Say who may sign"

sed -i 's/split: {on: 25, off: 75}/split: {on: 50, off: 50}/' $checkout
commit Lena 12 lena "Raise checkout-v2 for premium customers" \
  $'Flag: checkout-v2\nEnvironment: production\nReason: conversion is up by 2 %'

mkdir flags/environments/production/orders
git mv $checkout flags/environments/production/orders/
checkout=flags/environments/production/orders/checkout-v2.yaml
sed -i '1s/^/# The team is called orders now.\n/' $checkout
commit Omar 8 '' "Move checkout-v2 to its team"

sed -i 's/^otherwise: off/otherwise: on/' $checkout
commit Lena 1 thief "Tidy up" "Reason: routine"

git config user.name Rosa
git config user.email rosa@shop.example
ensign kill checkout-v2 --environment production --reason "nobody asked for it everywhere" --quiet > "$work/killed"

# ---- The audit.

say "Who turned it on, when, and why? Commits that only moved the file or wrote comments are not told."
ask 'Reason: routine' ensign log checkout-v2 --environment production --limit 2

say "Which of these commits were signed by somebody who was allowed to? The author's name is only what somebody typed."
ask '"Lena","untrusted",,"Tidy up"' sh -c "ensign log checkout-v2 --format json | jq -r \
  '.commits[] | [.author.name, .signature.status, .signature.principal, .subject] | @csv'"

say "So it was not Lena's key. What is known of the one that was used? Compare it with the one that she always used."
ask "$(ssh-keygen -lf "$work/thief.pub" | cut -d' ' -f2)" ensign show HEAD~1
ask "lena@shop.example" ensign show HEAD~3

say "Who set what counts now?"
ask 'Lena' ensign blame checkout-v2 --environment production

say "What did a customer in France see on Tuesday, and why?"
customer=(--context targetingKey=user-7 country=FR plan=free platform=ios appVersion=2.4.0)
ask 'checkout-v2: on' ensign explain checkout-v2 --environment production --at "${tuesday}T12:00:00Z" "${customer[@]}"

say "And on the Tuesday before?"
ask 'checkout-v2: off' ensign explain checkout-v2 --environment production \
  --at "$(date -d "$tuesday - 7 days" +%F)T12:00:00Z" "${customer[@]}"

say "Since when, exactly? Newest first."
ask 'Tidy up' ensign timeline checkout-v2 --environment production "${customer[@]}"

say "Everything that means something else than two weeks ago, whoever did it and however often it changed."
ask 'otherwise' ensign diff "$(git rev-list -1 --before "$tuesday - 13 days" HEAD)..HEAD"
