import Ensign
import Foundation
import Testing

@testable import ensign

@Suite("export")
struct ExportCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = ensign("init", "--project", "acme", in: folder.path)
  }

  @Test("openfeature writes types, code defaults and descriptions")
  func manifest() throws {
    let outcome = ensign("export", "openfeature", "-e", "production", in: folder.path)
    #expect(outcome.status == 0 && outcome.messages == "", "\(outcome)")
    let flags = try #require(try JSONValue(parsing: outcome.output)["flags"]?.object)
    #expect(!flags.isEmpty)
    for flag in flags {
      #expect(flag.value["flagType"]?.string != nil && flag.value["defaultValue"] != nil)
      #expect(flag.value["description"]?.string?.isEmpty == false)
    }
    #expect(ensign("export", "openfeature", "-e", "production", "-o", "m.json", in: folder.path).output == "")
    #expect(try folder.read("m.json") == outcome.output)
  }

  @Test("flagd writes what can be said, and says what cannot")
  func flagd() throws {
    let whole = ensign("export", "flagd", "-e", "development", "--quiet")
    #expect(whole.status == 0 && whole.messages == "", "\(whole)")
    let refused = ensign("export", "flagd", "-e", "production")
    #expect(refused.status == 1 && refused.output == "")
    #expect(refused.messages.contains("image-cdn: flagd has no ramps that rise steadily\n"))
    #expect(refused.messages.contains("10 flags cannot be said in flagd's language"))
    let partial = ensign("export", "flagd", "-e", "production", "--partial")
    #expect(partial.status == 0)
    #expect(try JSONValue(parsing: partial.output)["flags"]?.object?.count == 4)
  }

  @Test(
    "refuses what it cannot do",
    arguments: [
      ("flagd", 2, "an --environment is needed"), ("openfeature", 2, "an --environment is needed"),
      ("flagd -e stagin", 2, "did you mean `staging`?"), ("flagd -e staging --out no/such/file", 2, "cannot write"),
    ])
  func refusals(_ options: String, _ status: Int32, _ message: String) {
    let outcome = run(["export"] + options.split(separator: " ").map(String.init), in: folder.path)
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }
}
