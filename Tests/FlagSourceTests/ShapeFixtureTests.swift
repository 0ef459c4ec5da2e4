import FlagSource
import Foundation
import Testing
import YAML

/// A file of a flags tree, laid over the base of the examples, that states what is wrong with it.
///
/// The first line is its path. `#~ 12-18 E021 words` at the end of a line is a finding expected there: from the 12th
/// column up to, and without, the 18th (`…` for a later line), with a message that contains the words.
struct ShapeFixture: CustomTestStringConvertible {
  let url: URL

  var testDescription: String { url.lastPathComponent }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/Shape")

  static func all() throws -> [ShapeFixture] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }.map(ShapeFixture.init)
  }

  /// The file with what the marks say, in the order of lines, then of texts.
  func read() throws -> (path: String, text: String, expected: [String]) {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    var text: [String] = []
    var expected: [String] = []
    for (index, line) in lines.enumerated() {
      let parts = line.components(separatedBy: "  #~ ")
      text.append(parts[0])
      expected += parts.dropFirst().map { "\(index + 1):\($0)" }
    }
    let path = try #require(text.first?.dropFirst(2))
    return (String(path), text.joined(separator: "\n"), expected)
  }

  /// Writes what was found as marks.
  func record(_ found: [String]) throws {
    var lines = try read().text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for finding in found {
      let parts = finding.split(separator: ":", maxSplits: 1)
      let line = try #require(Int(parts[0])) - 1
      lines[line] += "  #~ \(parts[1])"
    }
    try lines.joined(separator: "\n").write(to: url, atomically: true, encoding: .utf8)
  }
}

@Suite("Shape fixtures")
struct ShapeFixtureTests {
  /// Set to write the marks anew; what was written is then to be read, line by line.
  static let isRecording = ProcessInfo.processInfo.environment["ENSIGN_RECORD_FIXTURES"] == "1"

  @Test("there are fixtures")
  func found() throws { #expect(try ShapeFixture.all().count >= 13) }

  @Test("report what they state, where they state it", arguments: try ShapeFixture.all())
  func reports(_ fixture: ShapeFixture) throws {
    let (path, text, expected) = try fixture.read()
    let reading = try TreeReader.read(MemoryFiles(Rule.Example.base + [(path, text)]))
    let found = reading.findings.filter { reading.files.path(of: $0.file) == path }.map { finding in
      let (start, end) = (finding.range.start, finding.range.end)
      let columns = "\(start.column)-\(start.line == end.line ? "\(end.column)" : "…")"
      return "\(start.line):\(columns) \(finding.code) \(finding.message)"
    }
    if Self.isRecording {
      try fixture.record(found)
      Issue.record("recorded \(fixture); run again without ENSIGN_RECORD_FIXTURES")
    }
    // Two findings of one line may stand in either order in the marks.
    for (actual, wanted) in zip(found.sorted(), expected.sorted()) where actual != wanted {
      Issue.record("found    \(actual)\nexpected \(wanted)")
    }
    #expect(found.count == expected.count, "\(found.joined(separator: "\n"))")
    #expect(!found.isEmpty)
  }
}
