#!/usr/bin/env bash
# Signatures of commits against Git and ssh-keygen: commits that they sign, and commits that were tampered with, have here
# the status that Git gives them with the parent's list of allowed signers.
set -euo pipefail
cd "$(dirname "$0")/../.."
ensign=$PWD/.build/debug/ensign

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1 TZ=UTC LC_ALL=C
export GIT_AUTHOR_NAME=Anna GIT_AUTHOR_EMAIL=anna@example.org GIT_COMMITTER_NAME=Anna GIT_COMMITTER_EMAIL=anna@example.org
export GIT_AUTHOR_DATE=2026-11-01T09:00:00Z GIT_COMMITTER_DATE=2026-11-01T09:00:00Z
cd "$work"
for name in anna bert carl; do ssh-keygen -q -t ed25519 -N '' -C "$name@example.org" -f $name; done
ssh-keygen -q -t rsa -b 2048 -N '' -C rsa -f rsa
ssh-keygen -q -t ecdsa -N '' -C ecdsa -f ecdsa
key() { cut -d" " -f1,2 "$work/$1.pub"; }

git init -q -b main shop && cd shop
git config gpg.format ssh
git config gpg.ssh.allowedSignersFile "$work/allowed"
"$ensign" init flags --project shop --quiet >/dev/null
mkdir .ensign
checked=0

# allow: the lines of standard input become the list, in an unsigned commit.
allow() {
  cat > .ensign/allowed_signers
  git add -A && git commit -q --no-gpg-sign --allow-empty -m allow
}

# commit KEY [ARGUMENT…]: a commit that says something, signed with a key.
commit() {
  local key=$1
  shift
  echo "# $((checked += 1))" >> flags/ensign.yaml
  git -c user.signingKey="$work/$key.pub" commit -q -a -S -m "A change" -m "Reason: test $checked" "$@"
}

# object SCRIPT: puts what sed makes of the newest commit in its place.
object() {
  git cat-file commit HEAD > "$work/object"
  sed "$1" "$work/object" > "$work/changed"
  if cmp -s "$work/object" "$work/changed"; then echo "nothing was changed by: $1"; exit 1; fi
  git reset -q --soft "$(git hash-object -t commit -w --stdin < "$work/changed")"
}

# verdict FORMAT: what Git says of the newest commit's signature. ssh-keygen may refuse a signature before it has read what
# was signed; Git, which is still writing, is then ended by the closed pipe, and has to be asked again.
verdict() {
  local status
  for _ in {1..50}; do
    git log -1 --format="$1" && return || status=$?
    [ "$status" = 141 ] || break
  done
  return "$status"
}

# expect STATUS GIT [PRINCIPAL]: what Ensign and Git (%G?) say of the newest commit.
expect() {
  local status git signer
  git show "HEAD~1:.ensign/allowed_signers" > "$work/allowed" 2>/dev/null || : > "$work/allowed"
  git=$(verdict '%G?')
  "$ensign" show HEAD --format json > "$work/sheet"
  status=$(jq -r '.signature.status' "$work/sheet")
  if [ "$status" != "$1" ] || [ "$git" != "$2" ]; then
    echo "line ${BASH_LINENO[0]}: $status and $git, not $1 and $2"
    jq .signature "$work/sheet"; git verify-commit -v HEAD || true; cat "$work/allowed"
    exit 1
  fi
  if [ "$git" = G ]; then
    signer=$(verdict %GS)
    # A certificate goes by the name of the key in it.
    [[ ${3-} = certificate || $(jq -r '.signature.key' "$work/sheet") = "$(verdict %GK)" ]]
  fi
  # Git has no list of a first commit's parent, and knows the kinds that are `unknown` here.
  if [ "$status" = good ]; then
    [ "$(jq -r '.signature.principal' "$work/sheet")" = "$signer" ] && [ "$signer" = "$3" ]
    git verify-commit HEAD 2>/dev/null
    "$ensign" show HEAD | grep -qF "signature good, $3 ($(verdict %GK))"
  fi
  [ "$status" = "$("$ensign" log -n 1 --format json | jq -r '.commits[0].signature.status')" ] ||
    [ "$("$ensign" log -n 1 --format json | jq -r '.commits[0].commit')" != "$(git rev-parse HEAD)" ]
}

echo "== a first commit"
git add -A
git -c user.signingKey="$work/anna.pub" commit -q -S -m first
key anna | sed 's/^/anna@example.org /' > .ensign/allowed_signers
expect untrusted U
"$ensign" show HEAD | grep -q 'signature untrusted, SHA256:.*: this is a first commit'

echo "== good, untrusted, none"
allow <<< "anna@example.org $(key anna)"
expect none N
commit anna && expect good G anna@example.org
commit bert && expect untrusted U
git commit -q --allow-empty --no-gpg-sign -m none && expect none N

echo "== bytes that are not UTF-8"
git config i18n.commitEncoding ISO-8859-1
commit anna -m "$(printf 'caf\351')" && expect good G anna@example.org
git cat-file commit HEAD | LC_ALL=C grep -qa $'caf\xe9'
git config --unset i18n.commitEncoding

echo "== the commit that allows a key is not yet trusted by it"
echo "bert@example.org $(key bert) a comment" >> .ensign/allowed_signers
commit bert && expect untrusted U
commit bert && expect good G bert@example.org
: > .ensign/allowed_signers
commit anna && expect good G anna@example.org
commit anna && expect untrusted U
git rm -q .ensign/allowed_signers
commit anna && expect untrusted U
commit anna && expect untrusted U
"$ensign" show HEAD | grep -q ': the parent has no .ensign/allowed_signers'

echo "== lists of all kinds"
mkdir -p .ensign
allow <<END
# a comment
	# another one, and an empty line

*@example.org,anna@home.example $(key anna)
  "bert@example.org,Bert the Great" namespaces="git,file",valid-after="20261101Z"	$(key bert)
!eve@example.org,carl@* NameSpaces="f*,g?t" $(key carl)
rsa@example.org $(key rsa)
END
commit anna && expect good G '*@example.org'
commit bert && expect good G bert@example.org
commit rsa && expect unknown G
commit ecdsa && expect unknown U
# Git asks for a principal that is called "!eve@example.org" first, and takes it.
commit carl && [ "$("$ensign" show HEAD --format json | jq -r '.signature | .status, .principal' | xargs)" = 'good carl@*' ]
[ "$(verdict '%G?')" = G ]

echo "== options that rule a key out"
while read -r options; do
  allow <<< "anna@example.org $options $(key anna)"
  commit anna
  # Git finds the key first, and calls the signature bad when its namespace is not allowed.
  case $options in namespaces*) expect untrusted B ;; *) expect untrusted U ;; esac
done <<'END'
namespaces="file"
namespaces="!git,*"
namespaces=""
valid-before="20261101085959Z"
valid-before="20261101Z"
valid-after="202611010901Z"
valid-after="20261101Z",valid-before="202611010830Z"
cert-authority
END
while read -r options; do
  allow <<< "anna@example.org $options $(key anna)"
  commit anna && expect good G anna@example.org
done <<'END'
namespaces="*"
valid-before="20261101090000Z"
valid-after="202611010900Z"
valid-after="20261101",valid-before="20261102Z"
END

echo "== a certificate"
ssh-keygen -q -s "$work/carl" -I anna -n anna@example.org "$work/anna.pub"
allow <<< "*@example.org cert-authority $(key carl)"
commit anna-cert && expect unknown G certificate
"$ensign" show HEAD | grep -q 'of the kind ssh-ed25519-cert-v01@openssh.com; only ssh-ed25519 is verified'
rm "$work/anna-cert.pub"

echo "== lines that are not understood allow nobody"
while read -r line; do
  allow <<< "$line"
  commit anna && expect untrusted U
  "$ensign" show HEAD | grep -q 'ignored: .ensign/allowed_signers:1: '
done <<END
$(key anna)
anna@example.org
anna@example.org ssh-ed25519
anna@example.org ssh-ed25519 AAAA
anna@example.org ssh-ed25519 $(key rsa | cut -d' ' -f2)
anna@example.org ssh-rsa $(key anna | cut -d' ' -f2)
anna@example.org ssh-ed448 $(key anna | cut -d' ' -f2)
anna@example.org namespaces=git $(key anna)
anna@example.org namespaces="git $(key anna)
anna@example.org trusted $(key anna)
anna@example.org cert-authority,trusted $(key anna)
anna@example.org valid-after="tomorrow" $(key anna)
anna@example.org valid-after="20261301Z" $(key anna)
anna@example.org valid-after="20261101Z",valid-before="20261001Z" $(key anna)
anna@example.org namespaces="git",namespaces="git" $(key anna)
END

echo "== what was tampered with"
allow <<< "anna@example.org $(key anna)"
for script in 's/^A change$/Another change/' 's/^author Anna/author Anja/' 's/^Reason: /Reason:  /' \
  '$s/$/\n/' 's/^committer.*/&\nx-header 1/'; do
  commit anna
  object "$script"
  expect bad B
done
commit anna
git cat-file commit HEAD | sed -n 's/^gpgsig//;/BEGIN SSH/,/END SSH/s/^ //p' > "$work/sig"
ssh-keygen -Y check-novalidate -n git -s "$work/sig" < <(git cat-file commit HEAD | sed '/^gpgsig/,/END SSH/d')
# Another commit's signature, byte for byte.
git cat-file commit HEAD | sed 's/^A change$/Replayed/' > "$work/changed"
git reset -q --soft "$(git hash-object -t commit -w --stdin < "$work/changed")"
expect bad B
# Git takes the first of two signatures, of whatever comes behind them.
commit anna
object '/^gpgsig/,/END SSH/{H;/END SSH/{p;x;s/^\n//}}'
[ "$(verdict '%G?')" = G ]
[ "$("$ensign" show HEAD --format json | jq -r '.signature.reason')" = 'the commit has 2 signatures' ]

echo "== another namespace, another digest, no signature at all"
sign() {  # sign ARGUMENT…: the newest commit, with a signature made so.
  git cat-file commit HEAD | sed '/^gpgsig/,/END SSH/d' > "$work/payload"
  ssh-keygen -q -Y sign -f "$work/anna" "$@" < "$work/payload" > "$work/sig" 2>/dev/null
  sed -i '1s/^/gpgsig /;1!s/^/ /' "$work/sig"
  sed "/^committer/r $work/sig" "$work/payload" > "$work/changed"
  git reset -q --soft "$(git hash-object -t commit -w --stdin < "$work/changed")"
}
commit anna && sign -n file && expect bad B
"$ensign" show HEAD | grep -q "signature bad, SHA256:.*: the signature was made for the namespace 'file', not for git"
commit anna && sign -n git -O hashalg=sha256 && expect good G anna@example.org
commit anna && sign -n git -O hashalg=sha512 && expect good G anna@example.org
for script in '/^gpgsig/,/END SSH/s/U1NIU0lH/U1NIU0lI/' '/^ -----END SSH/s/END/TAIL/' \
  '/^gpgsig/,/END SSH/s/c3NoLWVk/c3NoLWVl/' '/^ -----END SSH/s/^ /&*/'; do
  commit anna
  object "$script"
  expect bad B
done
commit anna
object '/^gpgsig/,/END SSH/s/U1NIU0lHAAAAAQ/U1NIU0lHAAAAAg/'
expect unknown B  # a version to come
for words in 'PGP SIGNATURE' 'PGP MESSAGE' 'SIGNED MESSAGE'; do
  commit anna
  object "/^gpgsig/,/END SSH/s/SSH SIGNATURE/$words/"
  [ "$("$ensign" show HEAD --format json | jq -r .signature.status)" = unknown ]
done

echo "== merges"
git switch -q -c side
commit bert
git switch -q main
commit anna
git -c user.signingKey="$work/anna.pub" merge -q -S --no-ff -s ours -m merge side
expect good G anna@example.org
# The merge of a signed tag holds the tag, with a signature of its own.
git switch -q side
commit bert
git -c user.signingKey="$work/bert.pub" tag -s -m "A release" v1
git switch -q main
git -c user.signingKey="$work/anna.pub" merge -q -S --no-ff -s ours -m merge v1
git cat-file commit HEAD | grep -q '^mergetag '
expect good G anna@example.org
# What counts is the first parent.
git switch -q side
echo "bert@example.org $(key bert)" > .ensign/allowed_signers
git commit -q -a --no-gpg-sign -m allow
git switch -q main
git -c user.signingKey="$work/bert.pub" merge -q -S --no-ff -m merge side -X theirs
expect untrusted U

echo "== a shallow clone does not know the parent"
commit bert
git clone -q --depth 1 "file://$PWD" ../shallow
cd ../shallow
"$ensign" show HEAD | grep -q 'signature untrusted, SHA256:.*: the parent, .* (a shallow clone)'
echo "all agree, $checked commits"
