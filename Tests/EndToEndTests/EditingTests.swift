import Ensign
import Foundation
import Testing

@testable import ensign

/// The project's own flags tree in a repository of its own, with somebody else's work in progress beside it.
struct EditedShop {
  let folder: TemporaryFolder
  static let config = "flags/environments/production/payments/checkout-v2.yaml"

  init() throws {
    folder = try TemporaryFolder()
    try script(
      """
      git init -q -b main .
      cp -r '\(repositoryFolder)flags' .
      printf 'one\\ntwo\\n' > notes.txt && printf 'a\\n' > plan.txt
      git add -A && git commit -q -m first
      git config user.name Ada && git config user.email ada@acme.example
      echo staged >> notes.txt && git add notes.txt && echo unstaged >> notes.txt
      echo b > plan.txt && echo new > new.txt && git rm -q --cached flags/tests/growth.yaml
      """)
  }

  @discardableResult
  func script(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
    let outcome = try shell(
      "set -e; export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x "
        + "GIT_COMMITTER_EMAIL=x@x\n" + script, in: folder.path)
    try #require(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
    return outcome
  }

  func run(_ line: String, variables: [String: String] = [:]) -> Outcome {
    EndToEndTests.run(
      line.split(separator: " ").map { String($0).replacing("_", with: " ") }, in: folder.path, variables: variables)
  }

  /// What Git says of everything but the files of a commit: the other people's work.
  func state(without file: String = config) throws -> String {
    try script(
      """
      git fsck --strict --no-dangling 2>&1; git status --porcelain; git diff --cached -- . ':!\(file)'; git diff -- . ':!\(file)'
      cat new.txt plan.txt notes.txt; ls .git
      """
    ).output
  }

  func git(_ line: String) throws -> String { try script("git \(line)").output }
}

@Suite("Editing commands")
struct EditingTests {
  let shop: EditedShop

  init() throws { shop = try EditedShop() }

  @Test("change a word in the working tree, and change it back")
  func words() throws {
    let before = try shop.folder.read(EditedShop.config)
    let outcome = shop.run("disable checkout-v2 -e production")
    #expect(outcome.status == 0)
    #expect(outcome.output == "checkout-v2 (production): enabled → disabled\nchanged \(EditedShop.config)\n")
    #expect(
      try shop.folder.read(EditedShop.config)
        == before.replacing("enabled: true", with: "enabled: false", maxReplacements: 1))
    #expect(try shop.git("log --format=%s") == "first\n")
    let again = shop.run("disable checkout-v2 -e production")
    #expect(again.output == "checkout-v2 is disabled in production already\n" && again.status == 0)
    #expect(shop.run("enable checkout-v2 -e production").status == 0)
    #expect(try shop.folder.read(EditedShop.config) == before)
  }

  @Test("keep the permissions of a file")
  func permissions() throws {
    try shop.script("chmod 600 \(EditedShop.config)")
    #expect(shop.run("disable checkout-v2 -e production").status == 0)
    #expect(try shop.script("stat -c %a \(EditedShop.config)").output == "600\n")
  }

  @Test("show the difference that git shows, and write nothing")
  func dryRun() throws {
    let before = try shop.state()
    let outcome = shop.run("disable checkout-v2 -e production --dry-run")
    #expect(try shop.state() == before)
    #expect(shop.run("kill checkout-v2 -e production --reason x --dry-run").output == outcome.output)
    #expect(try shop.state() == before)
    try shop.folder.write(outcome.output, to: "patch")
    try shop.script("git apply patch && rm patch")
    #expect(shop.run("disable checkout-v2 -e production").output.contains("already"))
  }

  @Test("commit their own file and nothing else")
  func commit() throws {
    let before = try shop.state()
    let outcome = shop.run("disable checkout-v2 -e production --commit --reason checkout_times_out")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try shop.state() == before)
    #expect(
      try shop.git("log -1 --format=%an,%ae,%cn,%ce%n%B") == """
        Ada,ada@acme.example,Ada,ada@acme.example
        Disable checkout-v2 in production

        Flag: checkout-v2
        Environment: production
        Reason: checkout times out


        """)
    #expect(try shop.git("show --format= --numstat") == "1\t1\t\(EditedShop.config)\n")
    #expect(try shop.git("diff HEAD -- \(EditedShop.config)") == "")
    // Not even the plumbing, which does not look into files, takes it for changed.
    #expect(try shop.git("diff-files --name-only -- \(EditedShop.config)") == "")
    #expect(try shop.git("reflog -1 --format=%gs").hasPrefix("commit: Disable checkout-v2"))
    let again = shop.run("disable checkout-v2 -e production --commit")
    #expect(again.output == "checkout-v2 is disabled in production already\n")
    #expect(try shop.git("rev-list --count HEAD") == "2\n")
  }

  @Test("take names and dates from the environment, as git does")
  func identity() throws {
    let variables = [
      "GIT_AUTHOR_NAME": "Bea", "GIT_AUTHOR_EMAIL": "bea@acme.example", "GIT_AUTHOR_DATE": "1793700000 +0100",
      "GIT_COMMITTER_DATE": "2026-11-03T10:00:00-05:30",
    ]
    let outcome = shop.run("kill checkout-v2 -e production --reason x", variables: variables)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(
      try shop.git("log -1 --format='%an %ae %at %ad %cn %ct %cI' --date=raw")
        == "Bea bea@acme.example 1793700000 1793700000 +0100 Ada 1793719800 2026-11-03T10:00:00-05:30\n")
  }

  @Test(
    "are refused with nothing written",
    arguments: [
      ("git config --unset user.name", "git config --global user.name"),
      ("git config --unset user.email", "git config --global user.email"),
      ("touch .git/index.lock", "the index is locked"),
      ("printf '#!/bin/sh\\n' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit", "--no-verify"),
      ("mkdir h; touch h/commit-msg; chmod +x h/commit-msg; git config core.hooksPath h", "--no-verify"),
      ("git config commit.gpgSign true", "--no-gpg-sign"),
      ("git switch -q --detach", "HEAD is detached"),
      ("git checkout -q --orphan other", "has no commit yet"),
      ("echo '# x' >> \(EditedShop.config)", "has changes that are not committed"),
      ("echo '# x' >> \(EditedShop.config); git add \(EditedShop.config)", "has changes that are staged"),
      ("git rev-parse HEAD > .git/MERGE_HEAD", "in the middle of a merge"),
      ("mkdir .git/rebase-merge", "in the middle of a rebase"),
      ("git update-index --split-index", "git update-index --no-split-index"),
      ("touch .git/refs/heads/main.lock", "another process is changing the branch"),
    ])
  func refused(_ obstacle: String, _ reason: String) throws {
    try shop.script(obstacle)
    let (before, head) = (try shop.state(), try shop.git("show-ref || true"))
    // In a process of its own, which has no settings but the repository's.
    let outcome = try shell("$ensign kill checkout-v2 -e production --reason x", in: shop.folder.path)
    #expect(outcome.status != 0)
    #expect(outcome.messages.contains(reason), "\(outcome)")
    #expect(try shop.state() == before)
    #expect(try shop.git("show-ref || true") == head)
  }

  @Test("commit past hooks and without a signature where they are told to")
  func told() throws {
    try shop.script(
      """
      git config commit.gpgSign true
      printf '#!/bin/sh\\nexit 1\\n' > .git/hooks/pre-commit; chmod +x .git/hooks/pre-commit
      """)
    #expect(shop.run("kill checkout-v2 -e production --reason x --no-verify --no-gpg-sign").status == 0)
    #expect(try shop.git("log -1 --format=%s") == "Disable checkout-v2 in production\n")
  }

  @Test("commit the flag although the working tree has mistakes elsewhere, and refuse when the commit would have them")
  func mistakes() throws {
    try shop.script("echo 'off: [' > flags/definitions/platform/image-cdn.yaml")
    let plain = shop.run("disable checkout-v2 -e production")
    #expect(plain.status == 1 && plain.messages.contains("image-cdn.yaml"))
    #expect(shop.run("kill checkout-v2 -e production --reason x").status == 0)
    try shop.script("git commit -q -m broken flags/definitions/platform/image-cdn.yaml")
    let head = try shop.git("rev-parse HEAD")
    let broken = shop.run("enable checkout-v2 -e production --commit")
    #expect(broken.status == 1 && broken.messages.contains("image-cdn.yaml"), "\(broken)")
    #expect(try shop.git("rev-parse HEAD") == head)
  }

  @Test("keep the line ends that Git gave the working tree")
  func lineEnds() throws {
    try shop.script(
      """
      git config core.autocrlf true
      rm \(EditedShop.config) && git checkout -q -- \(EditedShop.config)
      grep -q $'\\r' \(EditedShop.config)
      """)
    let before = try shop.state()
    let outcome = shop.run("kill checkout-v2 -e production --reason x")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try shop.state() == before)
    #expect(try shop.folder.read(EditedShop.config).hasPrefix("enabled: false\r\n"))
    #expect(try shop.git("show HEAD:\(EditedShop.config)").hasPrefix("enabled: false\n"))
  }

  @Test("work in a further work tree, and in a sub-folder")
  func furtherWorkTree() throws {
    try shop.script("git worktree add -q -b side ../$(basename $PWD)-side")
    let side = shop.folder.path + "-side"
    defer { try? FileManager.default.removeItem(atPath: side) }
    let outcome = EndToEndTests.run(
      ["kill", "checkout-v2", "-e", "production", "--reason", "x"], in: side + "/flags/tests")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try shop.git("log -1 --format=%s side") == "Disable checkout-v2 in production\n")
    #expect(try shop.git("-C '\(side)' status --porcelain") == "")
    #expect(try shop.git("log -1 --format=%s") == "first\n")
  }

  @Test("refuse a bare repository, and a repository that is not the tree's")
  func otherRepositories() throws {
    try shop.script(
      "git clone -q --bare . bare.git && git init -q -b main other && cd other && cp -r ../flags . && git add -A && git commit -q -m x"
    )
    let bare = shop.run("kill checkout-v2 -e production --reason x --repository bare.git")
    #expect(bare.status == 1 && bare.messages.contains("is bare"), "\(bare)")
    let other = shop.run("kill checkout-v2 -e production --reason x --repository other")
    #expect(other.status == 2 && other.messages.contains("which is not that of --repository"), "\(other)")
  }

  @Test("know the names")
  func names() throws {
    let cases = [
      ("disable checkout-v3 -e production", "did you mean 'checkout-v2'?"),
      ("disable checkout-v2 -e prod", "unknown environment 'prod'"), ("disable checkout-v2", "--environment NAME"),
      ("kill checkout-v2 -e production", "--reason TEXT"),
      ("kill checkout-v2 -e production --reason x --key k", "--publish"),
      ("enable checkout-v2 -e production --reason x", "add --commit"),
      ("enable onboarding-flow -e production", "ensign promote onboarding-flow --from staging --to production"),
    ]
    for (line, reason) in cases {
      let outcome = shop.run(line)
      #expect(outcome.status != 0 && outcome.messages.contains(reason), "\(outcome)")
    }
  }

  @Test("roll out, target, promote and add, each as a commit of its own")
  func others() throws {
    let before = try shop.state(without: "flags")
    let lines: [(String, String, [String])] = [
      (
        "rollout checkout-v2 -e production --rule web-experiment --to 40", "Roll out checkout-v2 to 40 % in production",
        ["rule web-experiment: share 20 % → 40 %", "20000 of 100000 buckets move (20 %), the fewest that can"]
      ),
      (
        "rollout checkout-v2 -e production --rule eu-premium --variant on --to 30.5",
        "Roll out on of checkout-v2 to 30.5 % in production", ["rule eu-premium: on 25 % → 30.5 %"]
      ),
      (
        "target checkout-v2 -e production --variant on user-3141", "Give user-3141 on of checkout-v2 in production",
        ["targets of on: added user-3141", "targets of off: removed user-3141"]
      ),
      (
        "target checkout-v2 -e production --remove user-1001",
        "Target user-1001 by checkout-v2 in production no longer", ["targets of on: removed user-1001"]
      ),
      (
        "promote onboarding-flow --from staging --to production",
        "Promote onboarding-flow from staging to production", ["rule beta: added", "created flags/environments/prod"]
      ),
      ("new flag zeta", "Add the flag zeta", ["zeta (development, staging, production): added: disabled"]),
      ("archive zeta", "Archive zeta", ["archived", "removed flags/environments/staging/zeta.yaml"]),
      ("new segment zeta --include a", "Add the segment zeta", ["segment zeta: added: 1 key"]),
    ]
    for (line, subject, parts) in lines {
      let outcome = shop.run(line + " --commit")
      #expect(outcome.status == 0, "\(outcome)")
      for part in parts { #expect((outcome.output + outcome.messages).contains(part), "\(outcome)") }
      #expect(try shop.git("log -1 --format=%s").hasPrefix(subject))
      #expect(try shop.git("status --porcelain flags/environments flags/definitions flags/segments") == "")
      #expect(try shop.state(without: "flags") == before)
      #expect(shop.run("validate --rev HEAD").status == 0)
    }
    // Archiving left the definition only.
    #expect(
      try shop.git("ls-files '*zeta*'")
        == "flags/definitions/zeta.yaml\nflags/segments/zeta.yaml\n")
    #expect(
      shop.run("rollout checkout-v2 -e production --rule eu-premium --variant on --to 30.5").output
        == "on of checkout-v2 is at 30.5 % in production already (rule eu-premium)\n")
  }

  @Test("refuse what would make an error, with nothing written")
  func invalid() throws {
    let before = try shop.state()
    for line in [
      "archive checkout-v2", "archive checkout-v2 --commit", "promote checkout-v2 --from staging --to production",
    ] {
      let outcome = shop.run(line)
      #expect(outcome.status == 1 && outcome.messages.contains("nothing was written"), "\(outcome)")
    }
    #expect(try shop.state() == before)
  }

  @Test("refuse a form that cannot be edited safely, and say where")
  func unsafeForm() throws {
    try shop.script("sed -i 's/on: \\[user-1001\\] .*/on: [a, # one\\n    b, c]/' \(EditedShop.config)")
    let before = try shop.state(without: "")
    let outcome = shop.run("target checkout-v2 -e production --remove b")
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("\(EditedShop.config):5:7: this cannot be edited safely"), "\(outcome)")
    #expect(try shop.state(without: "") == before)
  }

  @Test("of two processes both commit, round after round")
  func race() throws {
    let outcome = try shop.script(
      """
      for round in $(seq 6); do
        $ensign kill checkout-v2 -e production --reason one > one 2>&1 & a=$!
        $ensign kill search-ranking -e production --reason two > two 2>&1 & b=$!
        wait $a || { cat one; exit 1; }; wait $b || { cat two; exit 1; }
        rm one two
        test $(git rev-list --count HEAD) = $((round * 4 - 1))
        test -z "$(git status --porcelain flags/environments)"
        $ensign enable checkout-v2 -e production --commit > one 2>&1 & a=$!
        $ensign enable search-ranking -e production --commit > two 2>&1 & b=$!
        wait $a || { cat one; exit 1; }; wait $b || { cat two; exit 1; }
        rm one two
      done
      git fsck --strict 2>&1
      git log --format=%s | sort | uniq -c
      """)
    #expect(outcome.output.contains("6 Disable checkout-v2 in production"))
    #expect(outcome.output.contains("6 Disable search-ranking in production"))
  }

  @Test("land on top of commits that come from elsewhere meanwhile, and lose none")
  func pushes() throws {
    let outcome = try shop.script(
      """
      push() {
        export GIT_INDEX_FILE=$PWD/.git/other
        while test ! -e stop; do
          old=$(git rev-parse HEAD); git read-tree $old
          git update-index --add --cacheinfo 100644,$(git rev-parse $old:plan.txt),pushed/$RANDOM$RANDOM
          git update-ref refs/heads/main $(git commit-tree -p $old -m pushed $(git write-tree)) $old 2> /dev/null \
            && echo >> pushes
          sleep 0.02
        done
      }
      push & pusher=$!
      for round in $(seq 8); do
        $ensign disable checkout-v2 -e production --commit > said 2>&1 || { cat said; touch stop; wait; exit 1; }
        $ensign enable checkout-v2 -e production --commit > said 2>&1 || { cat said; touch stop; wait; exit 1; }
      done
      touch stop; wait $pusher
      test $(git rev-list --count HEAD) = $((17 + $(wc -l < pushes)))
      test $(git rev-list --count --min-parents=2 HEAD) = 0
      git log --format=%s | grep -c production; git fsck --strict --no-dangling 2>&1
      """)
    #expect(outcome.output == "16\n")
  }

  @Test("that are killed leave the old state or the new one")
  func killed() throws {
    let outcome = try shop.script(
      """
      for round in $(seq 20); do
        word=$(test $((round % 2)) = 1 && echo disable || echo enable)
        $ensign $word checkout-v2 -e production --commit > /dev/null 2>&1 & child=$!
        sleep 0.0$((round * 7 % 60 + 10)); kill -9 $child 2> /dev/null || true; wait $child || true
        rm -f .git/index.lock .git/refs/heads/main.lock .git/HEAD.lock
        case "$(cat \(EditedShop.config))" in "enabled: true"*|"enabled: false"*) ;; *) echo half; exit 1;; esac
        git show HEAD:\(EditedShop.config) > ../shown 2> /dev/null || { echo lost; exit 1; }
        git fsck --strict > /dev/null 2>&1 || { echo damaged; exit 1; }
        git checkout -q HEAD -- \(EditedShop.config)
      done
      rm -f ../shown; echo whole
      """)
    #expect(outcome.output == "whole\n")
  }
}

@Suite("Killing a flag")
struct KillTests {
  @Test("publishes it, too")
  func publishes() throws {
    let shop = try PublishedShop()
    try shop.script("git config user.name Ada && git config user.email ada@acme.example")
    let key = try #require(
      try shop.script("ls flags/definitions | head -1").output.split(separator: ".").first.map(String.init))
    try shop.script("$ensign publish -q --all --store store --key ci.key --key second.key > /dev/null")
    let first = try shop.script("git rev-parse HEAD").output
    let kill = "kill \(key) -e staging --reason x --publish store --key ci.key"
    let wrong = shop.ensign("kill \(key) -e staging --reason x --publish store --key root.key")
    #expect(wrong.status == 1, "\(wrong)")
    #expect(try shop.script("git rev-parse HEAD").output == first)
    let outcome = shop.ensign(kill)
    #expect(outcome.status == 0, "\(outcome)")
    let head = try shop.script("git rev-parse HEAD").output.prefix(12)
    #expect(outcome.output.contains("committed \(head) on main: Disable \(key) in staging"))
    #expect(outcome.output.contains("staging: published \(head)"))
    #expect(shop.verify("--rebuild").status == 0)
    // Again: nothing to commit, and published all the same.
    let again = shop.ensign(kill + " --format json")
    let json = try JSONValue(parsing: String(again.output.dropLast()))
    #expect(json["changed"] == .boolean(false))
    #expect(json["published"]?.array?.first?["outcome"] == .string("renewed"), "\(again)")
  }

  @Test("says what is done when the publishing fails after the commit")
  func failsLate() throws {
    let shop = try PublishedShop()
    try shop.script("git config user.name Ada && git config user.email ada@acme.example")
    let key = try #require(
      try shop.script("ls flags/definitions | head -1").output.split(separator: ".").first.map(String.init))
    try shop.script("$ensign enable \(key) -e production --commit > /dev/null")
    // Production needs two keys.
    let outcome = shop.ensign("kill \(key) -e production --reason x --publish store --key ci.key")
    let head = try shop.script("git rev-parse HEAD").output.prefix(40)
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("\(key) is disabled in the commit \(head.prefix(12)) on refs/heads/main"))
    #expect(
      outcome.messages.contains(
        "ensign publish --environment production --store store --key FILE --rev \(head) --ref refs/heads/main"))
    #expect(
      shop.ensign(
        "publish --environment production --store store --key ci.key --key second.key --rev \(head) --ref refs/heads/main"
      ).status == 0)
  }
}
