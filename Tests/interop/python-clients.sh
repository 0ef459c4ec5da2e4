# shellcheck shell=bash
# require_python_clients: the real OpenFeature clients, and validators of OpenAPI, from PyPI, for python3 on PATH; installed
# below .build unless they are there, once for all scripts.
require_python_clients() {
  local packages=(openfeature-sdk==0.10.0 openfeature-provider-ofrep==0.3.0 openfeature-provider-flagd==0.6.1
    'openapi-spec-validator>=0.7,<1' 'jsonschema>=4.20,<5')
  local modules='openfeature.contrib.provider.ofrep, openfeature.contrib.provider.flagd, openapi_spec_validator, jsonschema'
  local folder=$PWD/.build/python-clients
  python3 -c "import $modules" 2>/dev/null && return
  if ! "$folder/bin/python3" -c "import $modules" 2>/dev/null; then
    rm -rf "$folder"
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q --disable-pip-version-check "${packages[@]}"
  fi
  PATH=$folder/bin:$PATH
}
