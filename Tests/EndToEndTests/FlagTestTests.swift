import Ensign
import Testing

@testable import ensign

@Suite("test")
struct FlagTestTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = ensign("init", in: folder.path)
  }

  @Test("passes on a new tree")
  func pass() {
    let outcome = ensign("test", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output == "5 tests, 5 passed, 0 failed\n")
  }

  /// Turns everybody into somebody who is in.
  private func fail() throws {
    try folder.write("enabled: true\notherwise: on\n", to: "flags/environments/production/welcome-banner.yaml")
  }

  @Test("reports what failed, in every format", arguments: ["text", "json", "junit"])
  func failure(_ format: String) throws {
    try fail()
    let outcome = ensign("test", "--format", format, in: folder.path)
    #expect(outcome.status == 1)
    try expectRecorded(outcome.output, "test/failure.\(format)")
  }

  @Test("runs the tests of a flag, or those with a word in the name or file")
  func filter() {
    #expect(ensign("test", "welcome-banner", in: folder.path).output == "5 tests, 5 passed, 0 failed\n")
    #expect(ensign("test", "our own people", in: folder.path).output == "2 tests, 2 passed, 0 failed\n")
    let outcome = ensign("test", "welcom-baner", in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains("no test is of a flag, or has a name or file, with 'welcom-baner'"))
  }

  @Test("lists what no test decides")
  func coverage() throws {
    let outcome = ensign("test", "--coverage", in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("no test is decided by otherwise (welcome-banner in staging)\n"), "\(outcome)")
    #expect(ensign("test", "--coverage", "welcome-banner", in: folder.path).status == 2)
  }

  @Test("says that there are none")
  func none() throws {
    try folder.write("[]\n", to: "flags/tests/welcome-banner.yaml")
    let outcome = ensign("test", in: folder.path)
    #expect(outcome.messages.contains("there are no tests; write some in flags/tests/"), "\(outcome)")
  }
}
