import Testing

@testable import ensign

@Suite("Looking at flags")
struct InspectionTests {
  @Test(
    "list filters",
    arguments: [
      ("--owner search", ["search-page-size", "search-ranking"]),
      ("--kind permission", ["admin-console", "api-rate-limit"]),
      ("--tag campaign --tag pricing", ["welcome-discount"]),
      ("--expires-before 2030-02-01", ["holiday-banner"]),
      ("--archived", ["one-click-reorder"]),
      ("--owner payments --environment production --state enabled --kind release", ["checkout-v2"]),
      ("--environment production --state disabled --kind experiment", ["onboarding-flow"]),
    ])
  func filters(_ options: String, _ keys: [String]) {
    let outcome = run(["list"] + options.split(separator: " ").map(String.init))
    #expect(outcome.status == 0, "\(outcome)")
    let listed = outcome.output.split(separator: "\n").dropFirst().map { String($0.prefix { $0 != " " }) }
    #expect(listed == keys)
    #expect(outcome.messages.hasPrefix("\(keys.count) of "))
    #expect(run(["list", "--quiet"] + options.split(separator: " ").map(String.init)).messages == "")
  }

  @Test(
    "list refuses filters that cannot hold",
    arguments: [
      ("--owner paymnets", "unknown owner 'paymnets'\n  help: did you mean 'payments'?"),
      ("--environment prodction", "unknown environment 'prodction'\n  help: did you mean 'production'?"),
      ("--state enabled", "--state needs an --environment"),
      ("--expires-before 2027-02-30", "--expires-before 2027-02-30: this is no date"),
      ("--kind relase", "unknown value for --kind 'relase'\n  help: did you mean 'release'?"),
    ])
  func refusals(_ options: String, _ message: String) {
    let outcome = run(["list"] + options.split(separator: " ").map(String.init))
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains(message), "\(outcome)")
  }

  @Test("show says everything about a flag", arguments: ["checkout-v2", "holiday-banner", "one-click-reorder"])
  func show(_ flag: String) throws {
    let outcome = ensign("show", flag)
    #expect(outcome.status == 0)
    try expectRecorded(outcome.output, "show/\(flag).txt")
  }

  @Test("show suggests the nearest flag")
  func unknownFlag() {
    let outcome = ensign("show", "chekcout-v2")
    #expect(outcome.status == 1)
    #expect(outcome.messages == "ensign: error: unknown flag 'chekcout-v2'\n  help: did you mean 'checkout-v2'?\n")
  }

  @Test("list and show say that a tree has errors, and show the rest")
  func brokenTree() throws {
    let folder = try TemporaryFolder()
    _ = ensign("init", in: folder.path)
    try folder.write("type: bool\noff: off\n", to: "flags/definitions/broken.yaml")
    let outcome = ensign("list", in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("\nwelcome-banner"))
    #expect(outcome.messages.contains("warning: 1 error in the tree"), "\(outcome)")
  }
}
