import Foundation
import Testing

@testable import ensign

@Suite("check")
struct CheckTests {
  private let shop: ReviewedShop

  init() throws { shop = try ReviewedShop.shared.get() }

  @Test(
    "prints what is recorded",
    arguments: [
      ("check --base main --rev design", "design.txt", 1),
      ("check --base main --rev design --format json", "design.json", 1),
      ("check --base main --rev design --format markdown", "design.md", 1),
      ("check --base main --rev design --format github", "design.github", 1),
      ("check --base main --rev design --format gitlab", "design.gitlab", 1),
      ("check --base main --rev design --format junit", "design.xml", 1),
      ("check --base main --rev design --population ../people.jsonl --conflicts", "population.txt", 1),
      ("check --base main --rev segment", "segment.txt", 1), ("check --base main --rev failing", "failing.txt", 1),
      ("check --base main --rev broken", "broken.txt", 1), ("check --base main --rev equivalent", "equivalent.txt", 0),
      ("check --base main --rev kill", "kill.txt", 1), ("check --base main --rev loosened", "loosened.txt", 1),
      ("check --base design --rev main", "nothing.txt", 0), ("diff main..design --impact", "diff-impact.txt", 0),
      ("diff main..design --impact --format json -e staging", "diff-impact.json", 0),
    ])
  func recorded(_ line: String, _ name: String, _ status: Int) throws {
    let outcome = shop.run(line)
    #expect(outcome.status == Int32(status), "\(outcome.messages)")
    #expect(outcome.messages == "")
    try expectRecorded(outcome.output, "check/\(name)")
  }

  @Test("the working tree is checked as its commit is, and what nobody committed is told apart")
  func workingTree() throws {
    let committed = shop.run("check --base main --rev design")
    #expect(shop.run("check --base main").output == committed.output)
    #expect(shop.run("check --base main --rev design", in: "bare.git").output == committed.output)
    let folder = try TemporaryFolder()
    let made = try shell(
      """
      git clone -q \(shop.folder / "shop") . && git switch -q -c here origin/main &&
      printf 'enabled: false\\notherwise: on\\n' > flags/environments/production/banner.yaml
      """, in: folder.path)
    #expect(made.status == 0, "\(made)")
    let outcome = run(["check", "--base", "origin/main"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("banner  enabled → disabled") || outcome.output.contains("~ banner"))
    #expect(outcome.output.contains("1 file is in none yet"))
  }

  @Test("without a base, the tree, its tests and all that the flags do are checked")
  func noBase() {
    let outcome = shop.run("check --rev main")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.hasSuffix("3 tests passed\n"), "\(outcome.output)")
    #expect(!outcome.output.contains("Verdict"))
  }

  @Test(
    "what stands in the way is an error of its own, with what to do",
    arguments: [
      ("check --base mian --rev design", "shop", "did you mean 'main'?"),
      ("check --base main --rev desing", "shop", "did you mean 'design'?"),
      ("check --base origin/main", "shallow", "fetch-depth: 0"),
      ("check --base main", "shallow", "git fetch --unshallow"),
      ("check --population people.jsonl", "shop", "--population counts who moves; it takes --base"),
      ("check --conflicts", "shop", "it takes --base"),
      ("check --base main --population nothing.jsonl", "shop", "cannot read nothing.jsonl"),
      ("check --base main --population flags/ensign.yaml", "shop", "line 1:"),
      ("check --base main --baseline flags/ensign.yaml", "shop", "is no baseline"),
      ("check --base main", "bare.git", "name a commit of it with --rev"), ("check extra", "shop", "extra"),
      ("check --base main --format xml", "shop", "sarif"), ("diff main..design --now 2026-01-01", "shop", "--now"),
    ])
  func refused(_ line: String, _ place: String, _ words: String) {
    let outcome = EndToEndTests.run(line.split(separator: " ").map(String.init), in: shop.folder / place)
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.messages.contains(words), "\(outcome)")
    #expect(outcome.output == "")
  }

  @Test("a folder that no repository has cannot be compared")
  func noRepository() throws {
    let folder = try TemporaryFolder()
    let made = try shell("cp -r \(shop.folder / "shop")/flags .", in: folder.path)
    #expect(made.status == 0)
    #expect(run(["check"], in: folder.path).status == 0)
    let outcome = run(["check", "--base", "main"], in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains("is in no Git repository"), "\(outcome)")
  }

  @Test("findings are those of what a change touches, unless all are asked for")
  func scope() {
    func files(_ line: String) -> Set<String> {
      Set(
        shop.run(line).output.split(separator: "\n").filter { $0.hasPrefix("flags/") }.map {
          String($0.prefix { $0 != ":" })
        })
    }
    let some = files("check --base main --rev kill --fail-on information")
    #expect(some.allSatisfy { $0.hasSuffix("banner.yaml") || $0.hasSuffix("ensign.yaml") }, "\(some)")
    let all = files("check --base main --rev huge --all")
    #expect(all.isSuperset(of: files("check --base main --rev huge")))
  }

  @Test("the key of a flag that was removed long ago is not free: the commit that removed it is named")
  func reusedKey() throws {
    let folder = try TemporaryFolder()
    let outcome = try shell(
      """
      set -e
      export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
      export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@acme.example GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=a@b.c
      git init -q -b main . && "$ensign" init --quiet
      add() { "$ensign" new flag "$1" --quiet; git add -A; git commit -qm "add $1"; }
      add old
      git rm -q -r $(git ls-files | grep /old.yaml) && git commit -qm "remove old" && echo "removed in $(git rev-parse HEAD | cut -c1-10)"
      git commit -q --allow-empty -m later
      git checkout -q -b change
      add old && add new
      "$ensign" check --base main | grep W051
      """, in: folder.path)
    let lines = outcome.output.split(separator: "\n")
    let told = lines.filter { $0.contains("reused-key") }
    #expect(outcome.status == 0, "\(outcome)")
    #expect(told.count == 1 && told[0].contains("flags/definitions/old.yaml:1:1: warning[W051]"), "\(outcome)")
    #expect(
      told.first?.hasSuffix("which was \(lines.first { $0.hasPrefix("removed in ") } ?? "")") == true, "\(outcome)")
  }

  @Test("a baseline leaves out what it has, and never an error")
  func baseline() throws {
    let folder = try TemporaryFolder()
    let made = try shell("git clone -q \(shop.folder / "shop") . && git switch -q huge", in: folder.path)
    #expect(made.status == 0)
    let written = run(
      ["check", "--all", "--write-baseline", "known.json", "--fail-on", "information"], in: folder.path)
    #expect(written.status == 0, "\(written)")
    #expect(try folder.read("known.json").hasPrefix("{\"format\":1,\"findings\":[\n{\"code\":"))
    let second = run(["check", "--all", "--baseline", "known.json", "--fail-on", "information"], in: folder.path)
    #expect(second.status == 0, "\(second)")
    #expect(second.messages.contains("of the baseline are left out"))
    // Lines above change nothing; a new finding is told.
    let change = try shell(
      """
      sed -i '1i # A comment.' flags/definitions/flag-2*.yaml
      printf 'type: boolean\\noff: off\\n' > flags/definitions/new.yaml
      """, in: folder.path)
    #expect(change.status == 0)
    let third = run(["check", "--all", "--baseline", "known.json", "--fail-on", "information"], in: folder.path)
    #expect(third.status == 1)
    #expect(third.output.contains("definitions/new.yaml") && !third.output.contains("flag-2"), "\(third.output)")
    let broken = try shell("sed -i 's/off: off/off: of/' flags/definitions/new.yaml", in: folder.path)
    #expect(broken.status == 0)
    let error = run(["check", "--all", "--write-baseline", "known.json"], in: folder.path)
    #expect(error.status == 1)
    #expect(error.output.contains("E012"))
  }

  @Test("a comment has room for what matters, and counts the rest")
  func hugeComment() {
    let outcome = shop.run("check --base main --rev huge --format markdown")
    #expect(outcome.output.utf8.count <= 60_000)
    #expect(outcome.output.utf8.count > 50_000)
    #expect(outcome.output.hasPrefix("<!-- ensign check -->\n### Flags:"))
    #expect(
      outcome.output.contains("more flags, which this comment has no room for")
        || outcome.output.contains("more findings, which this comment has no room for"))
  }

  @Test("GitHub gets no more annotations than it shows, and the comment as the job's summary")
  func github() throws {
    let folder = try TemporaryFolder()
    let summary = folder / "summary.md"
    try folder.write("what was there\n", to: "summary.md")
    let outcome = shop.run("check --base main --rev huge --format github", variables: ["GITHUB_STEP_SUMMARY": summary])
    let lines = outcome.output.split(separator: "\n")
    for command in ["::error", "::warning", "::notice"] {
      #expect(lines.count { $0.hasPrefix(command) } <= 10)
    }
    #expect(lines.contains { $0.contains("more findings in the log") })
    let text = try folder.read("summary.md")
    #expect(text.hasPrefix("what was there\n<!-- ensign check -->"))
    #expect(text.contains("</details>"))
    let failed = shop.run(
      "check --base main --format github", variables: ["GITHUB_STEP_SUMMARY": folder / "no/where.md"])
    #expect(failed.status == 2)
    #expect(failed.messages.contains("GITHUB_STEP_SUMMARY"))
  }
}
