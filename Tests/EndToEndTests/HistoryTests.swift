import Foundation
import Testing

@testable import ensign

@Suite("Looking back")
struct HistoryTests {
  private let shop: ShopHistory

  init() throws { shop = try ShopHistory.shared.get() }

  private func id(_ tag: String) throws -> String {
    String(try shell("git -C shop rev-parse \(tag)^{commit}", in: shop.folder.path).output.dropLast())
  }

  /// The tags of the commits that a log lists.
  private func tags(_ line: String) throws -> [String] {
    let names = try shell("cd shop && for i in 1 2 3 4 5 6 7 8 9; do git rev-parse c$i; done", in: shop.folder.path)
      .output.split(separator: "\n").map(String.init)
    return shop.run(line).output.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("commit ") else { return nil }
      return names.firstIndex(of: String(line.split(separator: " ")[1])).map { "c\($0 + 1)" }
    }
  }

  @Test(
    "prints what is recorded",
    arguments: [
      ("log", "log.txt"), ("log --format json", "log.json"),
      ("log checkout-v2 -e production --verbose", "log-flag.txt"),
      ("show c4", "show-commit.txt"), ("show c8 --format json", "show-commit.json"), ("show c3", "show-nothing.txt"),
      ("diff c1..c9", "diff.txt"), ("diff c1..c9 --format json", "diff.json"),
      ("blame checkout-v2 -e production", "blame.txt"), ("blame checkout-v2 -e production --format json", "blame.json"),
      ("timeline checkout-v2 -e production -c targetingKey=user-3 --now 2026-11-21T00:00:00Z", "timeline.txt"),
      (
        "timeline checkout-v2 -e production -c targetingKey=user-3 --now 2026-11-21T00:00:00Z --format json",
        "timeline.json"
      ),
      ("bisect checkout-v2 -e production -c targetingKey=user-3 --now 2026-11-21T00:00:00Z", "bisect.txt"),
      ("bisect checkout-v2 c1..c9 -e production -c targetingKey=user-3 --now 2026-11-21T00:00:00Z", "bisect-range.txt"),
      ("bisect checkout-v2 c9..c9 -e production targetingKey=u --now 2026-11-21T00:00:00Z", "bisect-unchanged.txt"),
      (
        "bisect checkout-v2 c1..c9 -e production -c targetingKey=user-3 --now 2026-11-21T00:00:00Z --format json",
        "bisect.json"
      ),
    ])
  func recorded(_ line: String, _ name: String) throws {
    let outcome = shop.run(line)
    #expect(outcome.status == 0)
    #expect(outcome.messages == "")
    try expectRecorded(outcome.output, "history/\(name)")
    #expect(shop.run(line + " --repository ../bare.git --flags flags").output == outcome.output)
    #expect(shop.run(line, in: "bare.git").output == outcome.output)
  }

  @Test("remembers what the log of everything has found out, where it is told to, and not of one flag")
  func memory() throws {
    let place = try TemporaryFolder()
    func log(_ words: String, _ variables: [String: String]) -> Outcome {
      run(["log"] + words.split(separator: " ").map(String.init), in: shop.folder / "shop", variables: variables)
    }
    func files(_ name: String) throws -> [String] {
      try shell("find \(name) -type f 2>/dev/null | sort", in: place.path).output
        .split(separator: "\n").map(String.init)
    }
    let expected = log("", [:])
    for (number, variables) in [
      ["XDG_CACHE_HOME": place / "0"], ["HOME": place / "1"], ["XDG_CACHE_HOME": "2", "HOME": place / "2"],
    ].enumerated() {
      #expect(log("--no-cache", variables).output == expected.output)
      #expect(log("checkout-v2", variables).status == 0)
      #expect(try files("\(number)") == [])
      for _ in 0..<2 { #expect(log("", variables).description == expected.description) }
      #expect(try files("\(number)").count == 1)
      // Another scope is another memory.
      #expect(log("-e production", variables).output == log("-e production", [:]).output)
      #expect(try files("\(number)").count == 2)
      #expect(log("", variables).output == expected.output)
    }
    #expect(try files(".").allSatisfy { $0.contains("/ensign/history/") && $0.hasSuffix(".changes") })
  }

  @Test("says why nothing is remembered only where it is asked to say more")
  func refusedMemory() throws {
    let place = try TemporaryFolder()
    try place.write("", to: "file")
    let variables = ["XDG_CACHE_HOME": place / "file"]
    let expected = run(["log"], in: shop.folder / "shop")
    #expect(run(["log"], in: shop.folder / "shop", variables: variables).description == expected.description)
    let outcome = run(["log", "--verbose"], in: shop.folder / "shop", variables: variables)
    #expect(outcome.status == 0)
    #expect(outcome.messages.hasPrefix("ensign: note: what was found out is not remembered: cannot "))
    #expect(outcome.messages.contains("/file/ensign"))
  }

  /// The bundle was made with Git and ssh-keygen, and holds a commit of each status; the secret keys are gone.
  @Test(
    "signatures are told as recorded",
    arguments: [("log", "signed.txt"), ("log --verbose", "signed-verbose.txt"), ("log --format json", "signed.json")])
  func signatures(_ line: String, _ name: String) throws {
    let folder = try TemporaryFolder()
    let bundle = repositoryFolder + "Tests/EndToEndTests/Fixtures/history/signed.bundle"
    let made = try shell("git clone -q -b main \(bundle) .", in: folder.path)
    #expect(made.status == 0, "\(made)")
    let words = line.split(separator: " ").map(String.init)
    let outcome = EndToEndTests.run(words, in: folder.path)
    #expect(outcome.status == 0)
    try expectRecorded(outcome.output, "history/\(name)")
    if name.hasSuffix(".json") { try JSONFieldTests().check("log", in: folder.path) }
  }

  @Test("a log lists what the filters ask for")
  func filters() throws {
    #expect(try tags("log") == ["c9", "c8", "c7", "c6", "c5", "c4", "c2", "c1"])
    #expect(try tags("log checkout-v2") == ["c9", "c6", "c5", "c4", "c2", "c1"])
    #expect(try tags("log checkout-v2 -e staging") == ["c1"])
    #expect(try tags("log --segment staff") == ["c7", "c1"])
    #expect(try tags("log --author CID@") == ["c6", "c5"])
    #expect(try tags("log --since 2026-11-12") == ["c9", "c8", "c7"])
    #expect(try tags("log --since 2026-11-12T10:00:01Z") == ["c9", "c8"])
    #expect(try tags("log --limit 2") == ["c9", "c8"])
    #expect(try tags("log --rev c4 -n 1") == ["c4"])
  }

  @Test("a name that is not there is told apart from one that never changed")
  func unknownNames() {
    let outcome = shop.run("log checkout-v3")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(
      outcome.messages
        == "ensign: warning: the newest commit has no flag 'checkout-v3'; did you mean 'checkout-v2'?\n")
    let blame = shop.run("blame checkout-v3 -e production")
    #expect(blame.status == 1)
    #expect(blame.messages.contains("unknown flag 'checkout-v3'"))
    #expect(shop.run("blame checkout-v2 -e prod").messages.contains("unknown environment 'prod'"))
  }

  @Test("show prefers the flag's key, and takes a commit by its id where both have the name")
  func showBoth() throws {
    let folder = try TemporaryFolder()
    let made = try shell(
      """
      cp -r \(shop.folder / "shop") . && cd shop && git tag checkout-v2 c4 && git branch other c2
      """, in: folder.path)
    #expect(made.status == 0, "\(made)")
    let show = { (line: String) in EndToEndTests.run(["show", line], in: folder / "shop").output }
    #expect(show("checkout-v2").hasPrefix("checkout-v2\n"))
    #expect(show("other").hasPrefix("commit \(try id("c2"))"))
    let unknown = EndToEndTests.run(["show", "checkout-v1"], in: folder / "shop")
    #expect(unknown.status == 1)
    #expect(unknown.messages.contains("did you mean 'checkout-v2'?"))
  }

  @Test("show tells a commit that cannot be read from a name that is not there")
  func showDamaged() throws {
    let folder = try TemporaryFolder()
    let made = try shell(
      """
      git clone -q \(shop.folder / "shop") . && echo 'tree nothing' > object && \
        git hash-object -t commit --literally -w object > .git/refs/heads/damaged
      """, in: folder.path)
    #expect(made.status == 0, "\(made)")
    let outcome = EndToEndTests.run(["show", "damaged"], in: folder.path)
    #expect(outcome.status == 2)
    #expect(!outcome.messages.contains("unknown flag"), "\(outcome)")
    #expect(EndToEndTests.run(["show", "damage"], in: folder.path).messages.contains("unknown flag 'damage'"))
  }

  @Test("a shallow clone says where its history is cut off")
  func shallow() throws {
    let log = shop.run("log", in: "shallow")
    #expect(log.status == 0)
    #expect(log.output.hasPrefix("commit \(try id("c9"))"))
    #expect(log.messages.contains("the history is cut off at"))
    #expect(log.messages.contains("git fetch --unshallow"))
    let json = shop.run("log --format json", in: "shallow")
    #expect(json.output.contains("\"cutOff\":[\"\(try id("c8"))\""))
    let blame = shop.run("blame checkout-v2 -e production", in: "shallow")
    #expect(blame.output.contains("≤ \(try id("c8").prefix(10))"))
    #expect(blame.messages.contains("what it is blamed for may be older"))
    let timeline = shop.run("timeline checkout-v2 -e production -c targetingKey=u", in: "shallow")
    #expect(timeline.output.contains("≤ "))
    #expect(timeline.messages.contains("its answer may be older"))
    let old = shop.run("eval checkout-v2 -e production --at 2026-11-05 -c targetingKey=u", in: "shallow")
    #expect(old.status == 2)
    #expect(old.messages.contains("git fetch --unshallow"))
    let show = shop.run("show HEAD~1", in: "shallow")
    #expect(show.output.contains("what it changed is not known"))
  }

  @Test("a missing object ends the log with an error, never as if it were complete")
  func missingObject() throws {
    let folder = try TemporaryFolder()
    let made = try shell(
      """
      git clone -q --no-local \(shop.folder / "shop") broken && cd broken && git unpack-objects -q < \
        $(mv .git/objects/pack/*.pack .. && ls ../*.pack) && id=$(git rev-parse c4) && \
        rm -f .git/objects/${id:0:2}/${id:2}
      """, in: folder.path)
    #expect(made.status == 0, "\(made)")
    for format in ["text", "json"] {
      let outcome = EndToEndTests.run(["log", "--format", format], in: folder / "broken")
      #expect(outcome.status == 2)
      #expect(outcome.messages.contains("the object \(try id("c4")) is not in the repository"))
      #expect(!outcome.output.hasSuffix("}\n"))
    }
  }

  @Test("eval and explain --at are compiling that commit and evaluating", arguments: ["c2", "c4", "c9"])
  func evaluation(_ tag: String) throws {
    let context = "-c targetingKey=user-2 country=DE plan=premium"
    for command in ["eval", "explain"] {
      let now = "--now 2026-11-21T00:00:00Z"
      let then = shop.run("\(command) checkout-v2 -e production --at \(tag) \(now) \(context) --format json")
      #expect(then.status == 0, "\(then)")
      #expect(
        then.output
          == shop.run("\(command) checkout-v2 -e production --rev \(tag) \(now) \(context) --format json").output)
      #expect(then.output.contains(try id(tag)))
    }
    let bytes = shop.run("compile -e production --rev \(tag)").output
    let folder = try TemporaryFolder()
    try folder.write(bytes, to: "snapshot.json")
    let file = folder / "snapshot.json"
    #expect(
      shop.run("eval checkout-v2 --snapshot \(file) \(context)").output
        == shop.run("eval checkout-v2 -e production --at \(tag) \(context)").output)
  }

  @Test(
    "a time is the newest commit that is not later, and the moment of evaluation",
    arguments: [
      ("2026-11-03T10:00:00Z", "c2"), ("2026-11-03T09:59:59.999Z", "c1"), ("2026-11-12", "c6"),
      // On a side branch until it was merged.
      ("2026-11-13T09:00:00Z", "c6"), ("2026-11-13T11:00:00+01:00", "c8"), ("2030-01-01", "c9"),
    ])
  func moments(_ moment: String, _ tag: String) throws {
    let outcome = shop.run("explain checkout-v2 -e production --at \(moment) -c targetingKey=u --format json")
    #expect(outcome.output.contains("\"commit\":\"\(try id(tag))\""), "\(outcome)")
    if moment.hasSuffix("Z") { #expect(outcome.output.contains("\"now\":\"\(moment)\"")) }
  }

  @Test(
    "mistakes are told",
    arguments: [
      ("eval checkout-v2 -e production --at 2020-01-01", 1, "the history of HEAD begins later"),
      ("eval checkout-v2 -e production --at c5", 1, "the tree has errors"),
      ("eval checkout-v2 -e production --at c5 --rev c4", 2, "--rev and --at exclude each other"),
      ("eval checkout-v2 --snapshot x --at c5", 2, "--snapshot and --at exclude each other"),
      ("diff c1", 2, "'c1' does not name two commits"), ("diff c1...c2", 2, "does not name two commits"),
      ("diff c1..nothing", 2, "there is no revision 'nothing'"), ("diff ..", 2, "does not name two commits"),
      ("log --since tuesday", 2, "this is no point in time"), ("log --limit 0", 2, "this is no number of commits"),
      ("blame checkout-v2", 2, "blame needs an --environment"), ("log --rev nothing", 2, "there is no revision"),
      ("timeline -e production", 2, "timeline needs a FLAG"), ("timeline checkout-v2", 2, "needs an --environment"),
      ("timeline checkout-v3 -e production", 1, "unknown flag 'checkout-v3'"),
      ("timeline checkout-v2 -e prod", 2, "unknown environment 'prod'"),
      ("show nothing", 1, "unknown flag 'nothing'"),
      ("bisect -e production", 2, "bisect needs a FLAG"), ("bisect checkout-v2", 2, "needs an --environment"),
      ("bisect checkout-v3 -e production", 1, "unknown flag 'checkout-v3'"),
      ("bisect checkout-v2 -e prod", 2, "unknown environment 'prod'"),
      ("bisect checkout-v2 c9..c1 -e production", 2, "'c9' is not on the branch of 'c1'"),
      ("bisect checkout-v2 c1..c9 -e production --rev c8", 2, "one of them says which commit is the newest"),
      ("blame checkout-v2 -e production --rev c5", 1, "cannot be read in the newest commit"),
    ])
  func mistakes(_ line: String, _ status: Int32, _ message: String) {
    let outcome = shop.run(line)
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }

  @Test("diff tells by its status where it is asked to, and both ends may be HEAD")
  func exitCode() {
    #expect(shop.run("diff c1..c9").status == 0)
    #expect(shop.run("diff c1..c9 --exit-code").status == 1)
    #expect(shop.run("diff c2..c3 --exit-code").status == 0)
    #expect(shop.run("diff c2..c3").output == "")
    #expect(shop.run("diff c1..").output == shop.run("diff c1..c9").output)
    #expect(shop.run("diff ..c1").output == shop.run("diff c9..c1").output)
    #expect(shop.run("diff c4..c5 -e staging --exit-code").status == 0)
  }
}
