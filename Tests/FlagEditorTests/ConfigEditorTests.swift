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
