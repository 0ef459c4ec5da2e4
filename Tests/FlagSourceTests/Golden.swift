import Foundation
import Testing

/// Texts that were looked at once and must stay as they are.
///
/// `ENSIGN_RECORD=1 swift test --filter …` writes them anew, and fails, so that recording is never taken for testing.
enum Golden {
  static let isRecording = ProcessInfo.processInfo.environment["ENSIGN_RECORD"] == "1"

  /// The package's folder.
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let fixtures = package.appending(path: "Tests/FlagSourceTests/Fixtures")

  /// Compares a text with the one in `file`, or writes it there.
  static func expect(
    _ actual: String, equals file: URL, hint: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let recorded = try? String(contentsOf: file, encoding: .utf8)
    guard recorded != actual else { return }
    if isRecording {
      let folder = file.deletingLastPathComponent()
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: file)
      Issue.record(
        "recorded \(file.lastPathComponent); run again without ENSIGN_RECORD", sourceLocation: sourceLocation)
      return
    }
    let difference = firstDifference(recorded ?? "", actual)
    Issue.record("\(file.lastPathComponent) is stale: \(difference)\n\(hint)", sourceLocation: sourceLocation)
  }

  private static func firstDifference(_ expected: String, _ actual: String) -> String {
    let expected = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let actual = actual.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in actual.enumerated() where index >= expected.count || expected[index] != line {
      return
        "line \(index + 1) is\n  \(line)\nand was\n  \(index < expected.count ? String(expected[index]) : "absent")"
    }
    return "it ends at line \(actual.count), and had \(expected.count) lines"
  }
}
