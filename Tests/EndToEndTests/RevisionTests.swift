import Testing

@testable import ensign

@Suite("Commits instead of the working tree")
struct RevisionTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let outcome = try shell(
      """
      set -e
      export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
      git init -q -b main shop && cd shop
      $ensign init flags --project shop --quiet > /dev/null
      git add -A && git commit -q -m first && git tag v1
      printf 'enabled: true\\nrules: [{name: staff, when: {segment: staff}, serve: on}]\\notherwise: on\\n' >\
        flags/environments/production/welcome-banner.yaml
      git commit -q -a -m second
      printf 'enabled: true\\notherwise: onn\\n' > flags/environments/production/welcome-banner.yaml
      git clone -q --bare . ../bare.git
      """, in: folder.path)
    try #require(outcome.status == 0, "\(outcome)")
  }

  private func run(_ line: String, in place: String = "shop") -> Outcome {
    EndToEndTests.run(line.split(separator: " ").map(String.init), in: folder / place)
  }

  @Test("are checked without touching it")
  func validate() {
    #expect(run("validate").status == 1)
    #expect(run("validate --rev HEAD").status == 0)
    #expect(run("validate --rev v1").status == 0)
    #expect(run("test --rev v1").output == "5 tests, 5 passed, 0 failed\n")
    #expect(run("test --rev main").status == 1)
  }

  @Test("compile to the bytes of a checkout", arguments: ["v1", "main"])
  func compile(_ revision: String) throws {
    let checkout = try shell(
      "git -C shop worktree add -q ../\(revision) \(revision) --detach && cd \(revision) && $ensign compile -e production",
      in: folder.path)
    #expect(checkout.status == 0, "\(checkout)")
    #expect(run("compile -e production --rev \(revision)").output == checkout.output)
  }

  @Test("are named in what was evaluated")
  func commit() throws {
    let id = try shell("git -C shop rev-parse v1", in: folder.path).output.dropLast()
    for command in ["eval welcome-banner", "explain welcome-banner"] {
      let outcome = run("\(command) -e production --rev v1 -c targetingKey=u --format json")
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.output.contains("\"commit\":\"\(id)\""))
    }
  }

  @Test("are found from anywhere, in bare repositories too")
  func places() {
    let bytes = run("compile -e production --rev v1").output
    #expect(!bytes.isEmpty)
    #expect(run("compile -e production --rev v1", in: "shop/flags/tests").output == bytes)
    #expect(run("compile -e production --rev v1 --flags shop/flags", in: "").output == bytes)
    #expect(run("compile -e production --rev v1 --repository bare.git", in: "").output == bytes)
    #expect(run("compile -e production --rev v1 --repository ../bare.git --flags flags").output == bytes)
    #expect(run("compile -e production --rev v1", in: "bare.git").output == bytes)
  }

  @Test(
    "are refused when they are not there",
    arguments: [
      ("validate --rev v2", "there is no revision 'v2'"),
      ("validate --rev v1 --flags toggles", "has no folder `toggles`"),
      ("validate --rev v1 --repository /proc", "'/proc' is in no Git repository"),
      ("validate --rev v1 --fix", "--fix changes the working tree; it does not go with --rev"),
    ])
  func refusals(_ line: String, _ message: String) {
    let outcome = run(line)
    #expect(outcome.status == 2, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }
}
