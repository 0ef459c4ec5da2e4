import Foundation
import Testing
import YAML

/// The inputs that fuzzing starts from and those that it once failed with.
@Suite("Corpus")
struct CorpusTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/corpus")

  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  /// A parameterised test without cases is skipped, not failed: a moved folder must not pass.
  @Test("is there") func found() { #expect(Self.files.count >= 20) }

  @Test("keeps the invariants", arguments: files)
  func invariants(_ file: String) throws {
    let bytes = try Array(Data(contentsOf: Self.folder.appending(path: file)))
    let (document, errors) = Document.parse(bytes)
    #expect(document != nil || !errors.isEmpty)
    if let document { checkInvariants(document.root) }
  }
}
