import FlagSource
import Foundation
import Testing
import YAML

/// The inputs that fuzzing of trees starts from and those that it once failed with.
@Suite("Corpus of trees")
struct TreeCorpusTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/corpus")

  static let inputs = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  @Test("is there") func found() { #expect(Self.inputs.count >= 18) }

  @Test("has findings that point into the files, in order", arguments: inputs)
  func findings(_ input: String) throws {
    let bytes = try Array(Data(contentsOf: Self.folder.appending(path: input)))
    let base = Rule.Example.base.map { (path: Array($0.path.utf8), bytes: Array($0.text.utf8)) }
    let files = Self.split(bytes)
    #expect(!files.isEmpty)
    let today = try #require(CalendarDate(text: "2026-06-01"))
    let validation = try Validation.run(MemoryFiles(bytes: base + files), today: today)
    #expect(validation.checked != nil || validation.findings.contains { $0.level == .error })
    for (first, second) in zip(validation.findings, validation.findings.dropFirst()) {
      #expect(!Finding.reportOrder(second, first))
    }
    for finding in validation.findings where finding.range.start != SourcePosition(line: 1, column: 1) {
      let lines = try validation.bytes(of: finding.file).count { $0 == UInt8(ascii: "\n") } + 1
      #expect(finding.range.start <= finding.range.end)
      #expect(finding.range.end.line <= lines, "\(finding.message)")
    }
  }

  /// Each file begins after a line `=== path`, as the fuzz target has it.
  static func split(_ bytes: [UInt8]) -> [(path: [UInt8], bytes: [UInt8])] {
    var files: [(path: [UInt8], bytes: [UInt8])] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.starts(with: "=== ".utf8) {
        files.append((Array(line.dropFirst(4)), []))
      } else if !files.isEmpty {
        files[files.count - 1].bytes += line + [UInt8(ascii: "\n")]
      }
    }
    return files
  }
}
