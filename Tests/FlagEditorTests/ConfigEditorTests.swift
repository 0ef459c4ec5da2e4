import Testing
import YAML

@testable import FlagEditor

@Suite("Switching a flag")
struct SwitchingTests {
  private func disabled(_ text: String) throws -> String {
    String(decoding: try ConfigEditor.setEnabled(false, in: Array(text.utf8)), as: UTF8.self)
  }

  @Test(
    "changes one word",
    arguments: [
      ("enabled: true\notherwise: on\n", "enabled: false\notherwise: on\n"),
      ("\u{FEFF}enabled:   true   # why\r\notherwise: on", "\u{FEFF}enabled:   false   # why\r\notherwise: on"),
      ("{\"enabled\": TRUE, otherwise: on}", "{\"enabled\": FALSE, otherwise: on}"),
      ("# a\n'enabled' : True\notherwise: on\n", "# a\n'enabled' : False\notherwise: on\n"),
      (
        "enabled: {from: 2026-01-01T00:00:00Z}  # launch\notherwise: on\n",
        "enabled: false  # launch\notherwise: on\n"
      ),
      (
        "enabled:  # launch\n  # the start\n  from: 2026-01-01T00:00:00Z # Monday\n  until: 2027-01-01T00:00:00Z\notherwise: on\n",
        "enabled: false  # launch\n  # the start\n  # Monday\notherwise: on\n"
      ),
      (
        "otherwise: on\nenabled: {\n  from: 2026-01-01T00:00:00Z,\n  until: 2027-01-01T00:00:00Z\n}",
        "otherwise: on\nenabled: false"
      ),
    ])
  func word(_ before: String, _ after: String) throws {
    #expect(try disabled(before) == after)
  }
}

@Suite("Targeting")
struct TargetingTests {
  /// Files before and after `user-9` is given `on`; taking it back makes the first one again.
  static let files: [(String, String)] = [
    ("enabled: true\notherwise: on", "enabled: true\ntargets: {on: [user-9]}\notherwise: on"),
    (
      "enabled: true # x\r\nrequires:\r\n  a: on # y\r\notherwise: on\r\n",
      "enabled: true # x\r\nrequires:\r\n  a: on # y\r\ntargets: {on: [user-9]}\r\notherwise: on\r\n"
    ),
    ("{enabled: true, otherwise: on}", "{enabled: true, targets: {on: [user-9]}, otherwise: on}"),
    ("targets: {off: [a]}", "targets: {off: [a], on: [user-9]}"),
    (
      "targets:\n    'off': # no\n      - a # who\n    # end\notherwise: on\n",
      "targets:\n    'off': # no\n      - a # who\n    on: [user-9]\n    # end\notherwise: on\n"
    ),
    ("targets:\n  on: [a,  # one\n    b]  # two\n", "targets:\n  on: [a,  # one\n    b, user-9]  # two\n"),
    (
      "targets:\n  on: [\n    a,  # one\n    b   # two\n    # more\n  ]\n",
      "targets:\n  on: [\n    a,  # one\n    b,   # two\n    user-9\n    # more\n  ]\n"
    ),
    (
      "targets:\n  on: [\n    a,  # one\n    \"b\",\n  ]\n",
      "targets:\n  on: [\n    a,  # one\n    \"b\",\n    user-9,\n  ]\n"
    ),
    ("targets:\n  on:\n  -   a\n  -   'b' # two", "targets:\n  on:\n  -   a\n  -   'b' # two\n  -   user-9"),
  ]

  @Test("adds beside its like, and takes away what it added", arguments: files)
  func adds(_ before: String, _ after: String) throws {
    let new = try ConfigEditor.addTargets(["user-9"], to: "on", in: Array(before.utf8))
    #expect(String(decoding: new, as: UTF8.self) == after)
    let back = try ConfigEditor.removeTargets(["user-9"], from: "on", in: new)
    #expect(String(decoding: back, as: UTF8.self) == before)
  }

  @Test("keeps an empty list where a comment would go with it")
  func comments() throws {
    let text = "targets:\n  # Friends of the house.\n  on: [a]\notherwise: on\n"
    let new = try ConfigEditor.removeTargets(["a"], from: nil, in: Array(text.utf8))
    #expect(String(decoding: new, as: UTF8.self) == text.replacing("[a]", with: "[]"))
    #expect(try ConfigEditor.addTargets(["a"], to: "on", in: new) == Array(text.utf8))
  }

  @Test("refuses what it cannot edit without losing a comment, and says where")
  func refuses() {
    let text = "targets:\n  on: [a, # one\n    b, c]\n"
    let error = #expect(throws: FlagEditError.self) {
      try ConfigEditor.removeTargets(["b"], from: nil, in: Array(text.utf8))
    }
    #expect(error?.range?.start == SourcePosition(line: 2, column: 7))
    #expect(error?.message == "this cannot be edited safely in the form in which it is written")
  }
}
