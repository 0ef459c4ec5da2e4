#!/usr/bin/env bash
# The examples of a review (workflows, hook, CODEOWNERS): the workflows obey GitHub's and GitLab's own schemas
# (check-jsonschema from PyPI), and their commands, the hook and the patterns are tried in a repository.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! command -v check-jsonschema >/dev/null || ! python3 -c 'import yaml' 2>/dev/null; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install -q 'check-jsonschema>=0.29,<1' 'PyYAML>=6,<7'
  PATH=$work/venv/bin:$PATH
fi
check-jsonschema -q --builtin-schema vendor.github-workflows examples/ci/github.yml examples/ci/github-publish.yml
check-jsonschema -q --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci \
  examples/ci/gitlab.yml examples/ci/gitlab-publish.yml

# `gh`, as far as the workflow uses it: it keeps what it is told.
mkdir "$work/bin"
ln -s "$root/.build/debug/ensign" "$work/bin/ensign"
printf '#!/bin/sh\necho "$@" >%s/gh.words\ncp comment.md %s/gh.body\n' "$work" "$work" >"$work/bin/gh"
chmod +x "$work/bin/gh"
PATH=$work/bin:$PATH

# A repository with a branch, and a clone as a job has it.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@acme.example \
  GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@acme.example
git init -q -b main "$work/origin"
cp -r flags "$work/origin/"
cd "$work/origin"
git add -A && git commit -qm 'Add the flags'
git switch -qc change
"$work/bin/ensign" target image-cdn -e production --variant on user-7 -q >"$work/edit.log"
git commit -qam 'Let user-7 have it'
git clone -q "$work/origin" "$work/job"
cd "$work/job"
git switch -q change

# The steps' commands, as the runner starts them.
commands() {
  python3 - "$root/examples/ci/$1" "$2" <<'PYTHON'
import sys, yaml
document = yaml.safe_load(open(sys.argv[1]))
if sys.argv[1].endswith("github.yml"):
    steps = {step.get("name"): step for step in document["jobs"]["flags"]["steps"]}
    print(steps[sys.argv[2]]["run"])
else:
    print("\n".join(document["flags"]["script"]))
PYTHON
}
export GITHUB_BASE_REF=main GITHUB_STEP_SUMMARY=$work/summary.md NUMBER=7
for step in 'Check the change' Comment 'Check everything' Compile; do
  commands github.yml "$step" | bash -e >"$work/step.log" 2>&1 || { echo "$step failed"; cat "$work/step.log"; exit 1; }
done
grep -q '^pr comment 7 --edit-last --create-if-none --body-file comment.md$' "$work/gh.words"
grep -q image-cdn "$work/gh.body"
grep -q 'ensign check' "$work/summary.md"
git clean -qfdx
CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git merge-base origin/main HEAD) bash -e <(commands gitlab.yml '') >"$work/gitlab.log" 2>&1
grep -q 'Verdict' "$work/gitlab.log" && [ -s codequality.json ] && [ -s report.xml ]
bash -e <(commands gitlab.yml '') >"$work/gitlab.log" 2>&1

# The hook lets a clean commit pass and stops a broken one.
git clean -qfdx
git config core.hooksPath "$root/examples/hooks"
echo '# A comment.' >>flags/ensign.yaml
git commit -qam 'Say something' >"$work/hook.log" 2>&1
sed -i 's/^otherwise: .*/otherwise: nothing/' "$(git ls-files flags/environments/production | head -n 1)"
if git commit -qam 'Break it' >"$work/hook.log" 2>&1; then echo 'the hook let an error pass'; exit 1; fi
grep -q 'E012' "$work/hook.log"
git checkout -q -- flags && touch elsewhere && git add elsewhere && git commit -qm 'Something else'

# Each line of CODEOWNERS names a place of such a repository, and teams.
while read -r pattern owners; do
  case "$pattern" in ''|\#*) continue ;; esac
  [[ $owners =~ ^@[a-z-]+/[a-z-]+(\ @[a-z-]+/[a-z-]+)*$ ]] || { echo "CODEOWNERS: no teams: $owners"; exit 1; }
  case "$pattern" in /flags/*) [ -e "$root$pattern" ] || { echo "CODEOWNERS: there is no $pattern"; exit 1; } ;; esac
done <"$root/examples/CODEOWNERS"
echo "two workflows, a hook and CODEOWNERS tried"
