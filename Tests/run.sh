#!/usr/bin/env bash
# Everything that must pass. `--fast` runs the inner loop only: build, tests, formatting, rules of the source, links.
# Closes with one line, "N passed, N failed", in which every test of `swift test` and every other step counts as one.
set -u
cd "$(dirname "$0")/.." || exit 2
root=$PWD
fast=false
case "${1-}" in
  "") ;;
  --fast) fast=true ;;
  *) echo "usage: Tests/run.sh [--fast]" >&2; exit 2 ;;
esac

. examples/debian-packages.sh
# shellcheck disable=SC2086  # a list of words
require_packages $build_packages binutils curl jq less lld nodejs openssh-client openssl perl procps python3 python3-venv zstd || exit 2

logs=$(mktemp -d) || exit 2
trap 'rm -rf "$logs"' EXIT
export SWIFT_BACKTRACE=enable=no  # under the sanitizers a crash could hang in the backtracer
passed=0 failed=0 failures=()

# step NAME COMMAND…: runs a command, shows its output if it fails, and counts it.
step() {
  local name=$1 log="$logs/step.$BASHPID" started=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok      %-58s %4d s\n' "$name" $((SECONDS - started))
  else
    failed=$((failed + 1)) failures+=("$name")
    printf 'FAILED  %-58s %4d s\n' "$name" $((SECONDS - started))
    tail -n 80 "$log" | sed 's/^/        /'
  fi
}

# beside FUNCTION…: its steps, while others go on; `join` shows and counts them.
beside() {
  (
    passed=0 failed=0 failures=()
    "$@" >"$logs/beside.out" 2>&1
    printf '%s\n' "$passed" "$failed" "${failures[@]}" >"$logs/beside"
  ) &
  beside=$!
}

join() {
  local ok bad more
  wait "$beside"
  cat "$logs/beside.out"
  { read -r ok && read -r bad && mapfile -t more; } <"$logs/beside" || { ok=0 bad=1 more=("the steps beside others"); }
  passed=$((passed + ok)) failed=$((failed + bad))
  for name in "${more[@]}"; do [ -z "$name" ] || failures+=("$name"); done
}

# The scripts of the folder, which hold the programs against what others have written.
interoperability() {
  local script count=0
  for script in Tests/interop/*; do
    [ -x "$script" ] && [ -f "$script" ] || continue
    step "interoperability: ${script##*/}" env BASH_ENV="$root/Tests/failing-line" "$script"
    count=$((count + 1))
  done
  [ "$count" -gt 0 ] || step "interoperability: there are scripts" false
}

# The tests of `swift test`, each counted. A test that was skipped, or a declaration that did not run at all, is a
# failure: an empty list of arguments and a mistyped filter would pass otherwise. What counts is the report: on a busy
# machine some of the lines that are printed were missing, though all tests had run.
unit_tests() {
  local log="$logs/tests" report="$logs/tests.xml" status declared ran=0 bad=0 skipped=0
  swift test --disable-xctest --xunit-output "$report" "${@}" >"$log" 2>&1
  status=$?
  grep -E '^(. Test run with|error:)' "$log"
  read -r ran bad skipped < <(test_counts "$report")
  declared=$(grep -rhE --include='*.swift' '^ *@Test\b' Tests/*Tests | wc -l)
  passed=$((passed + ran - bad))
  if [ "$status" -ne 0 ] || [ "$bad" -ne 0 ]; then
    grep -E '^✘|: error:|^error:' "$log" | head -n 80
    [ "$bad" -ne 0 ] || tail -n 40 "$log"  # a build error or a crash
  fi
  if [ "$ran" -lt "$declared" ] || [ "$skipped" -ne 0 ]; then
    echo "$declared tests are declared, $ran ran, $skipped were skipped"
    grep -E '^. Test .* skipped' "$log"
  fi
  # Whatever else is wrong counts as one, where no test says it.
  [ "$bad" -ne 0 ] || { [ "$status" -eq 0 ] && [ "$ran" -ge "$declared" ] && [ "$skipped" -eq 0 ]; } || bad=1
  failed=$((failed + bad))
  [ "$bad" -eq 0 ] || failures+=("swift test")
}

# test_counts REPORT: how many tests ran, failed, and were skipped; zeros where there is no report.
test_counts() {
  python3 - "$1" <<'END'
import sys, xml.etree.ElementTree as xml
try:
    tests = list(xml.parse(sys.argv[1]).iter("testcase"))
except (OSError, xml.ParseError) as error:
    print(f"no report of the tests: {error}", file=sys.stderr)
    tests = []
skipped = sum(test.find("skipped") is not None for test in tests)
failed = sum(test.find("failure") is not None for test in tests)
print(len(tests) - skipped, failed, skipped)
END
}

# sanitized KIND TARGETS FILTER: library tests under a sanitizer, which must have run. Only the targets are built.
sanitized() {
  local kind=$1 filter=$3 log="$logs/sanitized"
  local -x ENSIGN_TESTS=$2
  # Stacks are walked slowly where libgit2 allocates, as it is built without frame pointers, and known leaks are told by
  # name; as far as the last of these names.
  if [ "$filter" = GitTests ]; then local -x ASAN_OPTIONS=fast_unwind_on_malloc=0:malloc_context_size=12; fi
  LSAN_OPTIONS=suppressions=$root/Tests/sanitizers.supp:print_suppressions=0 \
    swift test --sanitize="$kind" --scratch-path ".build-$kind" --disable-xctest -Xswiftc -use-ld=lld \
    --filter "$filter" >"$log" 2>&1 || {
      # What went wrong comes first: the tests that were running are many lines.
      grep -nE '^✘|: error:|^error:|(ERROR|SUMMARY|WARNING): |^Fatal' "$log" | head -n 20
      grep -vE '^\[|^✔|^◇|^↳' "$log" | tail -n 60
      return 1
    }
  grep -E '^✔ Test run with [1-9][0-9]* test' "$log"
}

# Things that have no place in the sources, each with its reason.
banned() {
  local status=0
  # never PATTERN REASON PATH…: no tracked file below the paths matches.
  never() {
    local pattern=$1 reason=$2
    shift 2
    if git grep -nIE "$pattern" -- "$@"; then
      echo "^ $reason"
      status=1
    fi
  }
  never '^ *(public |package |internal |private )?import +Foundation' 'Foundation costs 3 ms at every start' Sources
  never '\btry!|\bas!|\bfatalError\(' 'a crash is no answer to bad input: throw a typed error' Sources
  never '\bprint\(' 'a library does not print' Sources ':!Sources/ensign' ':!Sources/ensign-bench'
  never '(^|[^[:alnum:]_.])/(home|root|Users)/[a-z]' 'a path of one machine' .
  never '\b(TODO|FIXME|XXX)\b' 'what is not done is said in the documentation or refused by the program' Sources
  return $status
}

# A service that evaluates flags must not carry the authoring side's libraries; the command line has libgit2 without what
# speaks to servers, and has no use for two libraries of Swift that cost a tenth of its start: Dispatch, and regular
# expressions, which contains(_: String) and replacing(_:with:) would link.
links() {
  local service=examples/swift-service/.build/debug/checkout-service
  swift build --package-path examples/swift-service -q || return 1
  readelf -d "$service" | grep NEEDED || return 1
  ! readelf -d "$service" | grep -E 'NEEDED.*(libgit2|libyaml)' || return 1
  ! nm -C "$service" | grep -E ' (git_libgit2|yaml_parser)_' || return 1
  ! readelf -d .build/debug/ensign | grep -E 'NEEDED.*libgit2' || return 1
  ! nm .build/debug/ensign | grep -E ' (libssh2_|mbedtls_ssl_|gss_|git_http_client_)' || return 1
  ! nm -u .build/debug/ensign | grep -E '(17_StringProcessing|8Dispatch)[A-Z0-9]'
}

# A start must not need more pages than it does with the program laid out by Sources/ensign/linking/start.order: 400
# of them, and 450 to 500 without. When this fails, Tests/start-order makes the list anew.
start() {
  python3 - .build/release/ensign validate --flags flags <<'END'
import os, sys
traps = []
for _ in range(20):  # the least of them: others may have had to wait for the disk
  child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
  _, status, usage = os.wait4(child, 0)
  assert status == 0, status
  traps.append(usage.ru_minflt + usage.ru_majflt)
print(f"{min(traps)} to {max(traps)} traps for pages")
sys.exit(min(traps) > 430)
END
}

# No process of this build tree may be left when everything has run.
processes() {
  local status=0 process program
  for process in /proc/[0-9]*; do
    program=$(readlink "$process/exe" 2>/dev/null) || continue
    case "$program" in "$root"/*) echo "still running: ${process#/proc/} $program"; status=1 ;; esac
  done
  return $status
}

# What the run left behind, against what was there before.
clean() { diff <(printf '%s' "$before") <(git status --porcelain) ; }

before=$(git status --porcelain)
# More random histories than the inner loop has time for.
$fast || export ENSIGN_TEST_THOROUGHLY=1
step "format: swift format lint --strict" \
  swift format lint --strict --parallel --recursive Package.swift Sources Tests examples
step "source: nothing banned" banned
step "build: swift build" swift build
unit_tests  # among them: the generated pages and tables are current
step "documentation: links, examples of commands" Tests/check-docs
step "flags: the shop's tree is clean" .build/debug/ensign validate --flags flags
step "flags: the shop's tests" .build/debug/ensign test --flags flags
step "flags: what the shop's flags do" .build/debug/ensign check --flags flags --fail-on warning
if ! $fast; then
  unset ENSIGN_TEST_THOROUGHLY
  # They wait, or keep one processor busy; building takes what is left.
  beside interoperability
  step "documentation: docc" Tests/check-docc
  step "examples: quickstart.sh" examples/quickstart.sh
  step "examples: walkthrough.sh" examples/walkthrough.sh
  step "examples: audit.sh" examples/audit.sh
  step "examples: swift-service" examples/swift-service/run.sh
  step "examples: serve.sh" examples/serve.sh
  step "examples: what a service links" links
  step "examples: what a start takes" start
  step "fuzz: corpora and five seconds each" Tests/Fuzz/run.sh 5
  in_process="YAMLTests EnsignTests FlagSourceTests FlagCompilerTests CompressionTests FlagPublisherTests"
  step "sanitizer: address" sanitized address "$in_process GitTests" "${in_process// /|}"
  step "sanitizer: address, with libgit2" sanitized address "$in_process GitTests" GitTests
  # The server's tests are not among them: Swift's Mutex is unknown to this sanitizer.
  step "sanitizer: thread" sanitized thread \
    "EnsignTests FlagSourceTests FlagCompilerTests FlagHistoryTests FlagPublisherTests GitTests" \
    'EnsignTests|FlagSourceTests|FlagCompilerTests|FlagPublisherTests|WatchedWalkTests|FlagLogTests'
  join
fi
step "nothing is left running" processes
step "the checkout is as clean as before" clean

if [ "$failed" -ne 0 ]; then printf 'failed: %s\n' "${failures[@]}"; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
