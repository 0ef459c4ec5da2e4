#!/usr/bin/env bash
# `ensign serve --webhooks` with targets in Python, which check signatures and order: see webhooks.py.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 Tests/interop/webhooks.py "$PWD/.build/debug/ensign" "$work"
