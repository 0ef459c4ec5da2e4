import FlagSource
import Foundation
import SeededRandom
import Testing

/// A folder of its own that is removed at the end.
private final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: "ensign-\(UUID().uuidString)")

  init(_ files: [(path: String, text: String)]) throws {
    for (path, text) in files {
      let file = url.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

@Suite("The working tree")
struct WorkingTreeTests {
  @Test("is read as the same files in memory are")
  func sameAsMemory() throws {
    let folder = try TemporaryFolder(Rule.Example.base + [(".git/config", "x"), ("definitions/.hidden.yaml", "x")])
    let reading = try TreeReader.read(WorkingTreeFiles(root: folder.url.path))
    #expect(reading.findings.isEmpty)
    #expect(reading.files.paths == Rule.Example.base.map(\.path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let first = try #require(reading.tree?.definitions.first)
    #expect(try reading.text(of: first.file) == Rule.Example.base[1].text)
  }

  @Test("is listed in the order of its paths, whatever sorts between a folder's name and its slash")
  func order() throws {
    let names = ["a", "a-b", "a.yaml", "a/b", "a/b-c", "a/b/c", "a0", "b", "ab/c", "a b/c", "ä/b", "Z/a"]
    let paths = names.filter { name in !names.contains { $0.hasPrefix(name + "/") } } + ["a/.hidden", "a/x.yaml/y"]
    let folder = try TemporaryFolder(paths.map { ("definitions/" + $0, "x") })
    let listed = try WorkingTreeFiles(root: folder.url.path).list().map { String(decoding: $0.path, as: UTF8.self) }
    let expected = paths.filter { $0 != "a/.hidden" }.map { $0 == "a/x.yaml/y" ? "a/x.yaml" : $0 }
    #expect(
      listed
        == expected.map { "definitions/" + $0 }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("is listed completely and in order, also where several threads do it", arguments: UInt64(0)..<4)
  func manyFolders(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var paths: Set<String> = []
    for number in 0..<3_000 {
      let depth = Int.random(in: 0...4, using: &random)
      let folders = (0..<depth).map { _ in "f\(Int.random(in: 0..<4, using: &random))" }
      paths.insert((["definitions"] + folders + ["x-\(number)"]).joined(separator: "/"))
    }
    let folder = try TemporaryFolder(paths.map { ($0, "") })
    let listed = try WorkingTreeFiles(root: folder.url.path).list().map { String(decoding: $0.path, as: UTF8.self) }
    #expect(listed == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test("has no links, pipes, sockets and folders in the place of files")
  func otherKinds() throws {
    let outside = try TemporaryFolder([("secret.yaml", "type: boolean\noff: off\n"), ("more/x.yaml", "x")])
    let folder = try TemporaryFolder(Rule.Example.base + [("definitions/folder.yaml/inside.yaml", "x")])
    let definitions = folder.url.appending(path: "definitions")
    let manager = FileManager.default
    try manager.createSymbolicLink(
      at: definitions.appending(path: "link.yaml"), withDestinationURL: outside.url.appending(path: "secret.yaml"))
    try manager.createSymbolicLink(at: definitions.appending(path: "links"), withDestinationURL: outside.url)
    try manager.createSymbolicLink(at: definitions.appending(path: "loop"), withDestinationURL: folder.url)
    #expect(mkfifo(definitions.appending(path: "pipe.yaml").path, 0o600) == 0)
    let reading = try TreeReader.read(WorkingTreeFiles(root: folder.url.path))
    #expect(
      reading.findings.map { "\(reading.files.path(of: $0.file)) \($0.code)" } == [
        "definitions/folder.yaml E009", "definitions/link.yaml E008", "definitions/links E008",
        "definitions/loop E008", "definitions/pipe.yaml E001",
      ])
  }

  @Test("may be reached through a link itself")
  func linkedRoot() throws {
    let folder = try TemporaryFolder(Rule.Example.base)
    let link = FileManager.default.temporaryDirectory.appending(path: "ensign-link-\(UUID().uuidString)")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.url)
    defer { try? FileManager.default.removeItem(at: link) }
    #expect(try TreeReader.read(WorkingTreeFiles(root: link.path)).tree != nil)
  }

  @Test("that is not there is an error with a path")
  func missingRoot() throws {
    #expect(throws: FileAccessError(.notFound, path: "", message: "No such file or directory")) {
      try TreeReader.read(WorkingTreeFiles(root: "/nowhere/flags"))
    }
  }

  @Test("file that is taken away or exchanged between listing and reading is a typed error")
  func changes() throws {
    let folder = try TemporaryFolder(Rule.Example.base)
    let files = WorkingTreeFiles(root: folder.url.path)
    let entry = try #require(try files.list().first { $0.path == Array("segments/staff.yaml".utf8) })
    var reader = try files.reader()
    var bytes: [UInt8] = []
    let staff = folder.url.appending(path: "segments/staff.yaml")
    try reader.read(entry, limit: 1 << 20, into: &bytes)
    #expect(bytes == Array(Rule.Example.base[4].text.utf8))
    #expect(throws: FileAccessError(.tooLarge, path: "segments/staff.yaml", message: "it has more than 8 bytes")) {
      try reader.read(entry, limit: 8, into: &bytes)
    }
    try FileManager.default.removeItem(at: staff)
    #expect(throws: FileAccessError.self) { try reader.read(entry, limit: 1 << 20, into: &bytes) }
    try FileManager.default.createDirectory(at: staff, withIntermediateDirectories: false)
    #expect(throws: FileAccessError.self) { try reader.read(entry, limit: 1 << 20, into: &bytes) }
    try FileManager.default.removeItem(at: staff)
    try FileManager.default.createSymbolicLink(at: staff, withDestinationURL: URL(filePath: "/etc/passwd"))
    #expect(throws: FileAccessError.self) { try reader.read(entry, limit: 1 << 20, into: &bytes) }
  }

  @Test("gives files of any length whole")
  func lengths() throws {
    for length in [0, 1, 65_535, 65_536, 65_537, 200_000] {
      let text = String(repeating: "abcdefg\n", count: length / 8 + 1).prefix(length)
      let folder = try TemporaryFolder([("a.txt", String(text))])
      let files = WorkingTreeFiles(root: folder.url.path)
      var bytes: [UInt8] = [1, 2, 3]
      var reader = try files.reader()
      try reader.read(try #require(try files.list().first), limit: 200_000, into: &bytes)
      #expect(bytes == Array(text.utf8))
    }
  }
}
