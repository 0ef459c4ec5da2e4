#!/usr/bin/env bash
# Keys, signatures and envelopes against programs of other people's making: openssl, PyNaCl (libsodium through Python) and
# securesystemslib (TUF's library, with signatures by pyca/cryptography), both from PyPI. What Ensign signs they verify,
# what they sign Ensign verifies, and what is not valid nobody accepts. examples/python/verify_store.py is run too.
set -euo pipefail
cd "$(dirname "$0")/../.."
export ensign=$PWD/.build/debug/ensign
root=$PWD

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! python3 -c 'import nacl, securesystemslib, cryptography' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'PyNaCl>=1.5,<2' 'securesystemslib>=1.1,<2' 'cryptography>=42'
  PATH=$work/venv/bin:$PATH
fi

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
mkdir "$work/shop" && cd "$work/shop"
git init -q -b main .
printf '/*.*\n/store\n' > .gitignore
"$ensign" init flags --project shop --quiet >/dev/null
git add -A && git commit -q -m first
for name in root ci; do "$ensign" key new --out $name.key --no-passphrase >/dev/null; done

# Keys that openssl and PyNaCl made, as Ensign's key files.
openssl genpkey -algorithm ed25519 -out openssl.pem
openssl pkey -in openssl.pem -outform DER | tail -c 32 | od -An -tx1 | tr -d ' \n' > openssl.seed
python3 -c 'import nacl.signing; print(nacl.signing.SigningKey.generate().encode().hex(), end="")' > nacl.seed
for name in openssl nacl; do
  python3 "$root/Tests/interop/signatures.py" key "$(cat $name.seed)" $name
  "$ensign" key show $name.key >/dev/null
done
# Both agree on the public half.
diff <("$ensign" key show openssl.pub --format json | jq -r .pem) <(openssl pkey -in openssl.pem -pubout; echo)

"$ensign" trust init --root root.key --publish ci.key --publish openssl.key --publish nacl.key --publish-threshold 1 \
  --environment-threshold production=3 --store store >/dev/null
"$ensign" publish --all --store store --key ci.key --key openssl.key --key nacl.key >/dev/null

for file in store/trust/1.json store/environments/*/latest.json; do
  echo "== $file"
  # The commands of --explain are openssl's and jq's.
  "$ensign" verify "$file" --trust store/trust/1.json --explain > check.sh
  sh check.sh
  python3 "$root/Tests/interop/signatures.py" verify "$file" store/trust/1.json
done

echo "== signatures of openssl and of PyNaCl, in Ensign"
latest=store/environments/staging/latest.json
for signer in openssl nacl; do
  python3 "$root/Tests/interop/signatures.py" sign $signer "$latest" > signed.json
  "$ensign" verify signed.json --trust store/trust/1.json | grep -q 'staging: CURRENT.*signed by 1 of 1'
done

echo "== a store, by PyNaCl alone"
python3 "$root/examples/python/verify_store.py" store --trust store/trust/1.json --project shop --environment production
for damage in \
  'printf x >> "store/blobs/sha256/$(jq -r .payload "$latest" | base64 -d | jq -r .snapshot.sha256)"' \
  'jq -c ".signatures |= .[1:]" "$latest" > t && mv t "$latest"' \
  'jq -c ".signatures[0].sig = .signatures[1].sig" "$latest" > t && mv t "$latest"' \
  'cp store/environments/staging/latest.json "$latest"' \
  'jq -c ".payloadType = \"application/vnd.ensign.trust.v1+json\"" "$latest" > t && mv t "$latest"' \
  'sed -i "s/trust.v1/trust.v2/" store/trust/1.json'; do
  latest=store/environments/production/latest.json
  cp -r store copy
  eval "$damage"
  if python3 "$root/examples/python/verify_store.py" store --trust store/trust/1.json --project shop \
    --environment production >/dev/null 2>&1; then
    echo "accepted after: $damage"; exit 1
  fi
  if "$ensign" verify store --trust store/trust/1.json -e production >/dev/null 2>&1; then
    echo "Ensign accepted after: $damage"; exit 1
  fi
  rm -r store && mv copy store
done
"$ensign" trust rotate --store store --key root.key --new-epoch >/dev/null
if python3 "$root/examples/python/verify_store.py" store --trust store/trust/1.json --project shop \
  --environment production >/dev/null 2>&1; then
  echo "accepted a manifest of an epoch that is over"; exit 1
fi
"$ensign" publish --all --store store --key ci.key --key openssl.key --key nacl.key >/dev/null
python3 "$root/examples/python/verify_store.py" store --trust store/trust/1.json --project shop --environment production

echo "== what it accepted before, it does not go back from"
verify() {
  python3 "$root/examples/python/verify_store.py" store --trust store/trust/1.json --project shop \
    --environment production --state state.json --out snapshot.json
}
verify
cmp snapshot.json <("$ensign" compile -e production)
cp store/environments/production/latest.json older.json
git commit -q --allow-empty -m second
"$ensign" publish --all --store store --key ci.key --key openssl.key --key nacl.key >/dev/null
verify
mv older.json store/environments/production/latest.json
if verify 2> refusal.txt; then
  echo "went back"; exit 1
fi
grep ROLLBACK refusal.txt
echo "all agree"
