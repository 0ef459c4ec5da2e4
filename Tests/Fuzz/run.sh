#!/usr/bin/env bash
# Runs every fuzz target for some seconds (10 unless told) from the corpora that lie with the tests. New inputs stay in
# the build folder; a failing input is kept there too, and its path is printed: add it to the corpus with the fix.
set -eu
cd "$(dirname "$0")"
seconds=${1-10}
# The input that crashes matters, not the backtrace, which can hang under the sanitizer.
export SWIFT_BACKTRACE=enable=no

# target:corpus, a line for each
targets='fuzz-yaml:../YAMLTests/Fixtures/corpus
fuzz-tree:../FlagSourceTests/Fixtures/corpus
fuzz-snapshot:../EnsignTests/Fixtures/corpus
fuzz-envelope:../EnsignTests/Fixtures/corpus-envelope
fuzz-trust:../EnsignTests/Fixtures/corpus-trust
fuzz-manifest:../EnsignTests/Fixtures/corpus-manifest
fuzz-sshsig:../FlagHistoryTests/Fixtures/corpus-signature'

for pair in $targets; do
  target=${pair%%:*} corpus=${pair#*:}
  [ -n "$(ls -A "$corpus")" ] || { echo "$target: $corpus is empty" >&2; exit 1; }
  # One product at a time: with this flag every executable would get libFuzzer's main.
  swift build --sanitize=fuzzer --product "$target" --scratch-path .build/fuzz -q
  mkdir -p ".build/corpus/$target"
  echo "== $target, $seconds s"
  ".build/fuzz/debug/$target" -max_total_time="$seconds" -max_len=4096 -timeout=5 -rss_limit_mb=2048 \
    -artifact_prefix=".build/$target-" -print_final_stats=1 -verbosity=1 \
    ".build/corpus/$target" "$corpus" 2>&1 | grep -vE '^#[0-9]+\s+(NEW|REDUCE|pulse)|NEW_FUNC'
  # grep's status is not the fuzzer's.
  [ "${PIPESTATUS[0]}" -eq 0 ]
done
