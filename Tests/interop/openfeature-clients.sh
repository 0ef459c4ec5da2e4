# shellcheck shell=bash
# require_openfeature_clients DIRECTORY: the real OpenFeature clients from PyPI, for python3 on PATH; installed below the
# directory unless they are there.
require_openfeature_clients() {
  local packages=(openfeature-sdk==0.10.0 openfeature-provider-ofrep==0.3.0 openfeature-provider-flagd==0.6.1)
  if ! python3 -c 'import openfeature.contrib.provider.ofrep, openfeature.contrib.provider.flagd' 2>/dev/null; then
    python3 -m venv "$1/venv"
    "$1/venv/bin/pip" install -q "${packages[@]}"
    PATH=$1/venv/bin:$PATH
  fi
}
