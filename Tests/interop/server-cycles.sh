#!/usr/bin/env bash
# A server with tokens that goes through what an hour brings, in seconds: see server_cycles.py. The cycles go on for
# ENSIGN_SOAK_SECONDS (5).
set -euo pipefail
cd "$(dirname "$0")/../.."
export PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 Tests/interop/server_cycles.py "$PWD/.build/${ENSIGN_SOAK_BUILD:-debug}/ensign" flags "$work" "${ENSIGN_SOAK_SECONDS:-5}"
