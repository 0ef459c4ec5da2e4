#!/usr/bin/env bash
# A server of flags as it is run: a working tree served to a developer's service and page, a published store behind nginx
# with tokens, and the files of examples/ that belong to it, each executed or checked.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export PYTHONDONTWRITEBYTECODE=1
. examples/debian-packages.sh
require_packages curl jq openssl python3-venv
command -v nginx >/dev/null || require_packages nginx-light
PATH=$PATH:/usr/sbin
ensign=$root/.build/debug/ensign
[ -x "$ensign" ] || swift build --product ensign
work=$(mktemp -d)
pids=()
finish() {
  kill "${pids[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT

# serve OPTION…: starts a server on a free port; its address is in $address.
serve() {
  : >"$work/address"
  "$ensign" serve --port 0 "$@" >"$work/address" 2>>"$work/log" &
  pids+=($!)
  for _ in $(seq 100); do
    address=$(cat "$work/address")
    [ -n "$address" ] && return
    sleep 0.1
  done
  cat "$work/log"
  return 1
}

# until_true COMMAND…: waits for it, ten seconds at most.
until_true() {
  for _ in $(seq 100); do "$@" && return; sleep 0.1; done
  echo "in vain: $*" >&2
  return 1
}

echo "== A developer's service and page"
. Tests/interop/python-clients.sh
require_python_clients
cp -r flags "$work/flags"
serve --dev "$work/flags" --default-environment production
python3 examples/python/openfeature_service.py "$address" user-1 user-2 | tee "$work/service"
[ "$(grep -c ' = ' "$work/service")" -eq 8 ]
python3 -u examples/python/openfeature_page.py "$address" user-1 60 >"$work/page" &
page=$!
pids+=($page)
until_true grep -q 'nothing has changed' "$work/page"
sleep 1  # the page begins to listen
"$ensign" --flags "$work/flags" disable payments-api --environment production >/dev/null
until_true grep '^payments-api = false' "$work/page"
kill $page

echo "== A published store behind nginx, with tokens"
mkdir "$work/repository" && cd "$work/repository"
git init -q -b main
git config user.name Ann && git config user.email ann@example.com
"$ensign" init flags --project shop --quiet >/dev/null
git add -A && git commit -q -m "The first flags"
for name in root ci; do "$ensign" key new --out ../$name.key --no-passphrase >/dev/null; done
"$ensign" trust init --root ../root.key --publish ../ci.key --store ../store >/dev/null
"$ensign" publish --all --store ../store --key ../ci.key >/dev/null
cd "$root"
token=$("$ensign" token new --environment production --scope read --tokens "$work/tokens" --quiet)
serve "$work/store" --trust "$work/store/trust/1.json" --tokens "$work/tokens"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=flags.example.com -keyout "$work/tls.key" -out "$work/tls.pem" 2>/dev/null
mkdir "$work/nginx"
sed -e "s#127.0.0.1:8080#${address#http://}#; s#listen 443#listen 127.0.0.1:$port#; s#/var/cache/nginx/ensign#$work/nginx/cache#" \
  -e "s#/etc/ssl/flags.example.com.pem#$work/tls.pem#; s#/etc/ssl/flags.example.com.key#$work/tls.key#" \
  examples/nginx/ensign.conf >"$work/nginx/ensign.conf"
cat >"$work/nginx/nginx.conf" <<EOF
$([ "$(id -u)" -ne 0 ] || echo 'user root;')  # the folder is only its owner's
daemon off; pid $work/nginx/pid; error_log $work/nginx/error.log;
events {}
http {
  access_log off; client_body_temp_path $work/nginx/body; proxy_temp_path $work/nginx/proxy;
  fastcgi_temp_path $work/nginx/fastcgi; uwsgi_temp_path $work/nginx/uwsgi; scgi_temp_path $work/nginx/scgi;
  include $work/nginx/ensign.conf;
}
EOF
nginx -t -q -c "$work/nginx/nginx.conf" -e "$work/nginx/error.log"
nginx -c "$work/nginx/nginx.conf" -e "$work/nginx/error.log" &
pids+=($!)
ask() { curl -sS --cacert "$work/tls.pem" --connect-to "flags.example.com:443:127.0.0.1:$port" "$@"; }
front=https://flags.example.com
until_true ask -o "$work/out" "$front/v1/trust/1.json" 2>/dev/null
expect() {
  local wanted=$1 status
  shift
  status=$(ask -o "$work/out" -w '%{http_code}' "$@")
  [ "$status" = "$wanted" ] || { echo "expected $wanted, not $status: $*"; cat "$work/out"; return 1; }
}
bearer=(-H "Authorization: Bearer $token")
expect 401 "$front/v1/environments/production/latest.json"
expect 403 "${bearer[@]}" "$front/v1/environments/staging/latest.json"
expect 200 "${bearer[@]}" "$front/v1/environments/production/latest.json"
sha256=$(jq -r .payload "$work/out" | base64 -d | jq -r .snapshot.sha256)
for _ in 1 2; do
  expect 200 "${bearer[@]}" "$front/v1/blobs/sha256/$sha256"
  echo "$sha256  $work/out" | sha256sum --quiet -c
done
expect 401 "$front/v1/blobs/sha256/$sha256"  # not from the cache, either
expect 200 "${bearer[@]}" -X POST "$front/ofrep/v1/evaluate/flags" --http2
expect 404 "$front/metrics"
ask -N -m 2 "${bearer[@]}" "$front/v1/environments/production/events" >"$work/events" 2>/dev/null || true
grep -q '^event: snapshot' "$work/events"
echo "manifest, snapshot, evaluations and events, with the token only"

echo "== systemd, Prometheus, container"
# The metrics that the rules name are metrics that the server declares.
python3 - <<'EOF'
import pathlib, re, yaml
known = set(re.findall(r"^\| `(\w+)`", pathlib.Path("Sources/Ensign/Ensign.docc/Metrics.md").read_text(), re.M)) | {"up"}
groups = yaml.safe_load(pathlib.Path("examples/prometheus/alerts.yml").read_text())["groups"]
rules = [rule for group in groups for rule in group["rules"]]
for rule in rules:
  assert {"alert", "expr", "labels", "annotations"} <= set(rule), rule
  names = set(re.findall(r"\b(?:ensign|process)_\w+|\bup\b", rule["expr"]))
  assert names and names <= known, (rule["alert"], names - known)
assert len({rule["alert"] for rule in rules}) == len(rules) >= 6
config = yaml.safe_load(pathlib.Path("examples/prometheus/prometheus.yml").read_text())
assert config["scrape_configs"][0]["static_configs"] and config["rule_files"] == ["alerts.yml"]
print(len(rules), "alert rules, of metrics that there are")
EOF
curl -sS -H "X-API-Key: $token" "$address/metrics" >"$work/metrics"
for metric in ensign_snapshot_ready ensign_manifest_expires_timestamp_seconds process_open_fds process_max_fds; do
  grep -q "^$metric" "$work/metrics" || { echo "/metrics lacks $metric"; exit 1; }
done
if command -v systemd-analyze >/dev/null; then
  sed "s#/usr/bin/ensign #/bin/true #" examples/systemd/ensign-serve.service >"$work/ensign-serve.service"
  systemd-analyze verify "$work/ensign-serve.service"
fi
# The options of the unit and of the image's example are options that the command has.
for file in examples/systemd/ensign-serve.service examples/container/Containerfile; do
  for option in $(grep -oE -- '--(follow|trust|tokens|state|host|port|default-environment)' "$file" | sort -u); do
    "$ensign" serve --help | grep -q -- "$option " || { echo "$file: serve has no option $option"; exit 1; }
  done
done
# The image is built from the packages that the build needs.
for package in $build_packages; do
  grep -q "[ ^]$package\b" examples/container/Containerfile || { echo "the Containerfile lacks $package"; exit 1; }
done
echo "all is as the files say"
