#!/usr/bin/env bash
# The bytes of a snapshot: canonical by node's own JSON (RFC 8785 is defined by it); the same from the working tree, from a
# commit, and from git's checkout of that commit; untouched by what means nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
ensign=$root/.build/debug/ensign
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org

git init -q -b main "$work/shop"
cp -R flags "$work/shop/flags"
cd "$work/shop"
git add -A
git commit -q -m one
"$ensign" compile --all --out "$work/tree"
count=0
for snapshot in "$work"/tree/*.json; do
  environment=$(basename "$snapshot" .json)
  node -e '
    const canonical = v => Array.isArray(v) ? "[" + v.map(canonical).join(",") + "]"
      : v && typeof v === "object"
        ? "{" + Object.keys(v).sort().map(k => JSON.stringify(k) + ":" + canonical(v[k])).join(",") + "}"
        : JSON.stringify(v);
    process.stdout.write(canonical(JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"))));
  ' "$snapshot" | cmp - "$snapshot"
  "$ensign" compile --environment "$environment" --rev HEAD | cmp - "$snapshot"
  count=$((count + 1))
done
[ $count -eq 3 ]
git worktree add -q "$work/checkout" HEAD
(cd "$work/checkout" && "$ensign" compile --all --out "$work/again")
diff -r "$work/tree" "$work/again"

# A comment, another folder, another order of keys: the same meaning, the same bytes.
production=flags/environments/production
echo "# a comment" >>$production/payments/checkout-v2.yaml
mkdir $production/moved
git mv -k $production/search/search-ranking.yaml $production/moved/
tac flags/definitions/search/search-ranking.yaml >"$work/reversed"
grep -v '^$' "$work/reversed" >flags/definitions/search/search-ranking.yaml
rm -r "$work/again"
"$ensign" compile --all --out "$work/again"
diff -r "$work/tree" "$work/again"

# A change of meaning changes them, in its environment only, and the commit still means what it meant.
sed -i 's/share: 20$/share: 21/' $production/payments/checkout-v2.yaml
"$ensign" compile --all --out "$work/changed"
if cmp "$work/tree/production.json" "$work/changed/production.json" 2>/dev/null; then
  echo "a changed share changed no byte" >&2
  exit 1
fi
cmp "$work/tree/staging.json" "$work/changed/staging.json"
"$ensign" compile --environment production --rev HEAD | cmp - "$work/tree/production.json"
echo "$count environments: canonical, and the same from a folder, a commit and a checkout"
