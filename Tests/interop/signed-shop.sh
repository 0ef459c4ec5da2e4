# shellcheck shell=bash
# signed_shop FOLDER PUBLISH-OPTION…: goes into FOLDER with a commit of the project's own flags, the keys root.key and ci.key,
# and a store that they signed. Needs $ensign, and the top folder as the current one.
signed_shop() {
  local folder=$1 key
  shift
  cp -r flags "$folder"
  cd "$folder" || return
  export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.com
  export GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.com
  git init -q -b main . && git add -A && git commit -qm flags
  for key in root ci; do "$ensign" key new --no-passphrase --out $key.key >/dev/null; done
  "$ensign" trust init --root root.key --publish ci.key --store store >/dev/null
  "$ensign" publish "$@" --store store --key ci.key >/dev/null
}
