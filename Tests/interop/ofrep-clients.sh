#!/usr/bin/env bash
# `ensign serve` judged by OpenFeature's client for remote evaluation (openfeature-provider-ofrep from PyPI), and by the
# requests that other released clients send.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. Tests/interop/python-clients.sh
require_python_clients
python3 Tests/interop/ofrep_clients.py "$PWD/.build/debug/ensign" "$work"
