import Foundation
import Testing

@testable import Ensign

@Suite("The page of the client")
struct StatusPageTests {
  /// The table of the statuses is made from the enumeration; `ENSIGN_RECORD=1` writes it.
  @Test func listsEveryStatus() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../Sources/Ensign/Ensign.docc/TheClient.md").standardized
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- generated: statuses -->\n"))
    let end = try #require(text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex))
    var table = "| status | meaning |\n| --- | --- |\n"
    for status in ClientStatus.allCases { table += "| `\(status)` | \(status.meaning) |\n" }
    guard text[start.upperBound..<end.lowerBound] != table else { return }
    if ProcessInfo.processInfo.environment["ENSIGN_RECORD"] == "1" {
      try text.replacingCharacters(in: start.upperBound..<end.lowerBound, with: table)
        .write(to: page, atomically: true, encoding: .utf8)
    }
    Issue.record("the table of statuses is out of date; ENSIGN_RECORD=1 writes it")
  }
}
