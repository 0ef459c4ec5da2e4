# Sourced by the scripts that set a machine up: makes sure that the Debian packages named in its arguments are there.

# What the build needs: libraries that Debian 12 ships, and Git.
build_packages="git libcurl4-openssl-dev libdeflate-dev libgit2-dev libhttp-parser-dev libmbedtls-dev libmicrohttpd-dev libpcre2-dev libre2-dev libsodium-dev libssl-dev libyaml-dev libzstd-dev zlib1g-dev"

require_packages() {
  if ! command -v swift >/dev/null; then
    echo "Swift 6.3 is missing: see https://www.swift.org/install/linux/" >&2
    return 2
  fi
  if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system, so nothing is installed. Needed are the equivalents of: $*" >&2
    return 0
  fi
  local package missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  echo "Installing Debian packages: ${missing[*]}"
  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Please run as root: apt-get install ${missing[*]}" >&2
      return 2
    fi
    sudo=(sudo)
  fi
  "${sudo[@]}" apt-get update -qq &&
    "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}
