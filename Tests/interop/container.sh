#!/usr/bin/env bash
# The recipe of the container image, as far as a machine without a registry of images can try it: its instructions are ones
# that there are and lead to one another, its packages exist, and its last stage is lived through: the command starts as
# nobody without any privilege on a read-only root, answers the recipe's own health check, keeps its state in the volume,
# and ends with SIGTERM, which is how containers are stopped.
set -euo pipefail
cd "$(dirname "$0")/../.."
recipe=$PWD/examples/container/Containerfile
if [ -z "${ENSIGN_OWN_MOUNTS-}" ]; then
  export ENSIGN_OWN_MOUNTS=1
  if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then exec unshare -m "$0"; fi
  exec unshare -rm "$0"
fi
work=$(mktemp -d)
chmod 755 "$work"
pids=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait
  umount -R "$work/root" 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap finish EXIT

echo "== What the recipe says"
python3 - "$recipe" "$work" <<'PYTHON'
import json, pathlib, re, sys
text = pathlib.Path(sys.argv[1]).read_text()
lines = re.sub(r"\\\n", " ", "".join(line + "\n" for line in text.splitlines() if not line.startswith("#"))).splitlines()
steps = [line.split(None, 1) for line in lines if line.strip()]
known = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT"}
assert {word for word, _ in steps} <= known, "an instruction that nobody knows"
stages = [rest for word, rest in steps if word == "FROM"]
assert len(stages) == 2 and stages[0].endswith(" AS build") and " AS " not in stages[1]
last = steps[max(i for i, step in enumerate(steps) if step[0] == "FROM"):]
one = lambda word: next(rest for name, rest in last if name == word)
assert one("USER") == "nobody" and one("VOLUME") == "/var/lib/ensign" and one("EXPOSE") == "8080"
assert json.loads(one("ENTRYPOINT")) == ["/usr/bin/ensign"] and one("COPY").endswith(" /usr/bin/ensign")
# The user comes after what only root may do, and owns the volume.
words = [name for name, _ in last]
assert words.index("USER") > max(i for i, name in enumerate(words) if name in ("RUN", "COPY"))
assert "install -d -o nobody -g nogroup /var/lib/ensign" in one("RUN")
# What is built is what is copied.
build = next(rest for name, rest in steps if name == "RUN" and "swift build" in rest)
assert "-c release" in build and "--product ensign" in build and "--from=build /source/.build/release/ensign" in one("COPY")
assert next(rest for name, rest in steps if name == "WORKDIR") == "/source"
health = json.loads(one("HEALTHCHECK").split("CMD ", 1)[1])
pathlib.Path(sys.argv[2], "health").write_text("\0".join(health))
# The command of the example in the comment.
comment = re.sub(r"\\?\n# *", " ", text[:text.index("FROM")])
pathlib.Path(sys.argv[2], "command").write_text("\0".join(re.search(r"serve --follow .*?--host \S+", comment)[0].split()))
PYTHON
mapfile -d '' -t health <"$work/health"
mapfile -d '' -t command <"$work/command"
# The libraries that the command loads when it needs them come with the last stage's packages, or with what those need.
sed -n '/^FROM .*slim/,$p' "$recipe" | grep -oE '\blib[a-z0-9.-]+' | sort -u >"$work/packages"
apt-cache depends $(cat "$work/packages") | sed -n 's/^ *Depends: //p' | sort -u >>"$work/packages"
for library in $(grep -rhoE 'dlopen ?\("[^"]*' Sources | sed 's/.*"//' | grep -v gnutls.so.4 | sort -u); do
  package=$(dpkg -S "*/$library*" | sed -n 's/:.*//p' | grep -v -- '-dev' | sort -u)
  grep -qx "$package" "$work/packages" || { echo "the image lacks $package, for $library"; exit 1; }
done

echo "== The last stage, lived through"
ensign=$PWD/.build/debug/ensign
. Tests/interop/signed-shop.sh
signed_shop "$work" -e production
"$ensign" token new --scope read -e production --tokens tokens >token
"$ensign" serve store --trust store/trust/1.json --port 0 >upstream 2>upstream.log &
pids+=($!)
until_true() { for _ in $(seq 100); do "$@" && return; sleep 0.1; done; echo "in vain: $*" >&2; cat ./*.log >&2; return 1; }
until_true test -s upstream

# A root as the image has it: the libraries and programs of Debian, read only, and the volume. What a debug build needs of
# Swift lies beside it.
mkdir -p root/{usr/bin,usr/lib,usr/lib64,etc/ensign,var/lib/ensign,proc,dev,swift} state
ln -s usr/bin root/bin
ln -s usr/lib root/lib
ln -s usr/lib64 root/lib64
cp "$ensign" /bin/bash /usr/bin/head /bin/grep /usr/bin/touch root/usr/bin/
ldd "$ensign" | awk '$3 ~ /swift/ {print $3}' | xargs -I{} cp {} root/swift
cp /etc/passwd /etc/group root/etc/
cp store/trust/1.json root/etc/ensign/trust.json
cp tokens root/etc/ensign/tokens
chmod -R go+rX root
mount --make-rprivate /
mount --bind root root
for path in usr/lib usr/lib64; do if [ -d "/$path" ]; then mount --bind "/$path" "root/$path"; mount -o remount,bind,ro "root/$path"; fi; done
mount --rbind /proc root/proc
mount --rbind /dev root/dev
mount -o remount,bind,ro root
mount --bind state root/var/lib/ensign
user=()
if setpriv --reuid=nobody true 2>/dev/null; then
  user=(--userspec=nobody:nogroup --groups=)
  chown nobody:nogroup state
fi
inside() { env -i PATH="$PATH:/usr/sbin" LD_LIBRARY_PATH=/swift setpriv --no-new-privs chroot "${user[@]}" root "$@"; }
inside /usr/bin/touch /var/lib/ensign/new
! inside /usr/bin/touch /etc/ensign/new 2>/dev/null || { echo "the root can be written"; exit 1; }

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
health=("${health[@]//8080/$port}")
! inside "${health[@]}" 2>/dev/null || { echo "the health check finds a server that is not there"; exit 1; }
for place in "${!command[@]}"; do case ${command[place]} in https://*) command[place]=$(cat upstream)/v1 ;; esac; done
echo "ensign ${command[*]}"
inside /usr/bin/ensign "${command[@]}" --port "$port" >address 2>relay.log &
relay=$!
pids+=($relay)
until_true inside "${health[@]}" 2>/dev/null
get() { curl -sS -o answer -w '%{http_code}' -H "Authorization: Bearer $(cat token)" "http://127.0.0.1:$port$1"; }
served() { [ "$(get /v1/environments/production/latest.json)" = 200 ]; }
until_true served
cmp answer store/environments/production/latest.json
process=$(pgrep -P $relay ensign || echo $relay)
if [ ${#user[@]} -gt 0 ]; then grep -qE "^Uid:.$(id -u nobody).$(id -u nobody)" "/proc/$process/status"; fi
grep -qE '^CapEff:.0+$' "/proc/$process/status" || [ ${#user[@]} -eq 0 ]
[ -n "$(find state/environments -type f)" ]
kill -TERM "$process"
wait $relay
grep -q '"event":"stopped"' relay.log
! inside "${health[@]}" 2>/dev/null || { echo "the health check finds a server that has ended"; exit 1; }
echo "it starts, is well, serves, keeps its state, and ends"
