import Ensign
import Testing

@testable import ensign

@Suite("validate")
struct ValidationTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = ensign("init", "--project", "acme", in: folder.path)
  }

  @Test("is silent on trees without a mistake")
  func silence() {
    for outcome in [ensign("validate"), ensign("validate", in: folder.path)] {
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.output == "")
      #expect(outcome.messages == "")
    }
  }

  /// Two mistakes in one file and one in another.
  private func makeMistakes() throws {
    try folder.write(
      "enabled: true\nrules: [{name: staff, when: {segment: staff}, serve: on}]\notherwise: onn\n",
      to: "flags/environments/staging/welcome-banner.yaml")
    try folder.write(
      "enabled: true\nrules:\n  - name: staff\n    when: {segment: staf, contry: DE}\n    serve: on\notherwise: off\n",
      to: "flags/environments/production/welcome-banner.yaml")
  }

  @Test("reports every mistake at its place, in every format", arguments: ["text", "json", "github"])
  func formats(_ format: String) throws {
    try makeMistakes()
    let outcome = ensign("validate", "--format", format, in: folder.path)
    #expect(outcome.status == 1)
    try expectRecorded(outcome.output, "validate/mistakes.\(format)")
    #expect(outcome.messages == "")
  }

  @Test("reports what is asked for")
  func filter() throws {
    try makeMistakes()
    func places(_ words: String...) -> [String] {
      let outcome = run(["validate", "--format", "json", "--fail-on", "error"] + words, in: folder.path)
      let findings = (try? JSONValue(parsing: String(outcome.output.dropLast())))?["findings"]?.array ?? []
      return findings.filter { $0["level"]?.string == "error" }.compactMap { $0["file"]?.string }
    }
    #expect(places().count == 3)
    #expect(places("flags/environments/staging").count == 1)
    #expect(places("flags/environments/production/welcome-banner.yaml").count == 2)
    #expect(places("flags/tests") == [])
    #expect(ensign("validate", "flags/tests", in: folder.path).status == 0)
    #expect(ensign("validate", "flags/nothing", in: folder.path).messages.contains("there is no flags/nothing"))
    #expect(ensign("validate", "/etc", in: folder.path).messages.contains("/etc is not in the flags tree flags"))
  }

  @Test("colours where asked")
  func colour() throws {
    try makeMistakes()
    #expect(ensign("validate", "--color", "always", in: folder.path).output.contains("\u{1B}[1;31merror"))
    #expect(!ensign("validate", in: folder.path).output.contains("\u{1B}"))
  }

  @Test("fails on warnings where asked")
  func failOn() throws {
    _ = ensign("new", "segment", "nobody", in: folder.path)
    #expect(ensign("validate", in: folder.path).status == 0)
    #expect(ensign("validate", "--fail-on", "warning", in: folder.path).status == 1)
    #expect(ensign("validate", "--fail-on", "warnin", in: folder.path).messages.contains("did you mean 'warning'?"))
  }

  @Test("fixes what is safe to fix")
  func fix() throws {
    try folder.write("include: [user-1, user-1, user-2]\n", to: "flags/segments/staff.yaml")
    #expect(ensign("validate", "--fail-on", "warning", in: folder.path).status == 1)
    let outcome = ensign("validate", "--fix", "--fail-on", "warning", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.messages == "fixed 1 finding in 1 file\n")
    #expect(try folder.read("flags/segments/staff.yaml") == "include: [user-1, user-2]\n")
    #expect(ensign("validate", "--fix", "--quiet", in: folder.path).messages == "")
  }

  @Test("says more with --verbose")
  func loudness() throws {
    try folder.write("include: [user-1, user-1, user-2]\n", to: "flags/segments/staff.yaml")
    #expect(
      ensign("validate", "--fix", "--verbose", in: folder.path).messages
        == "changed flags/segments/staff.yaml\nfixed 1 finding in 1 file\n")
    let outcome = ensign("validate", "--verbose", in: folder.path)
    #expect(outcome.messages.hasPrefix("read and checked 7 files of \(folder / "flags") in "), "\(outcome)")
  }

  @Test(
    "is the judge of commands that need a tree without errors",
    arguments: [
      "test", "compile --environment staging", "eval --environment staging", "stats",
    ])
  func judge(_ line: String) throws {
    try makeMistakes()
    let outcome = run(line.split(separator: " ").map(String.init), in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.messages.contains("flags/environments/staging/welcome-banner.yaml:3:12: error[E012]"), "\(outcome)")
    #expect(outcome.messages.contains("ensign: error: the tree has errors; "))
  }
}
