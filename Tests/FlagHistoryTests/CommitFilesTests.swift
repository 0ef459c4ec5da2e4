import FlagCompiler
import FlagHistory
import FlagSource
import Foundation
import Git
import Testing

/// A flags tree in a commit means the same as its checkout by the real `git`.
@Suite("A flags tree of a commit")
struct CommitFilesTests {
  static let tree: [(path: String, text: String)] =
    Rule.Example.base.filter { $0.path != "environments/staging/new-cart.yaml" } + [
      ("segments/deep/er/testers.yaml", "includeFrom: ids.txt\n"),
      ("segments/deep/er/ids.txt", "b\na\n"),
      (
        "environments/staging/team/new-cart.yaml",
        "enabled: true\nrules: [{name: t, when: {segment: testers}, serve: on}]\notherwise: off\n"
      ),
      (".hidden/not-a-flag.yaml", "neither: read\n"),
      (".gitignore", "*.bak\n"),
    ]

  enum Layout: String, CaseIterable {
    case loose, packed, monorepo, bare, worktree
  }

  @Test("compiles to the bytes of its checkout", arguments: Layout.allCases)
  func sameBytes(layout: Layout) throws {
    let repository = try TemporaryRepository()
    let folder = layout == .monorepo ? "services/shop/flags" : layout == .packed ? "" : "flags"
    let prefix = folder.isEmpty ? "" : folder + "/"
    try repository.write(Self.tree, below: prefix)
    let first = try repository.commit("First")
    // The commit is not what lies in the work tree.
    try repository.write(
      [("environments/staging/team/new-cart.yaml", "enabled: false\notherwise: off\n")], below: prefix)
    try repository.commit("Second")
    try repository.write([("definitions/broken.yaml", "type: [\n")], below: prefix)

    let checkout = try TemporaryRepository()
    try repository.git(["worktree", "add", "--quiet", "--detach", checkout.folder + "/tree", first])
    var path = repository.folder
    switch layout {
    case .loose, .monorepo: break
    case .packed:
      try repository.git(["gc", "--quiet", "--aggressive", "--prune=now"])
      #expect(try repository.git(["count-objects"]).hasPrefix("0 objects"))
    case .bare:
      let bare = checkout.folder + "/bare.git"
      try repository.git(["clone", "--quiet", "--bare", repository.folder, bare])
      path = bare
    case .worktree: path = checkout.folder + "/tree"
    }

    let expected = try Self.compile(WorkingTreeFiles(root: checkout.folder + "/tree/" + folder))
    let git = try Repository(discovering: path)
    let files = try CommitFiles(of: git.resolve(first), folder: folder, in: git)
    #expect(try Self.compile(files) == expected)
    let second = try CommitFiles(of: git.resolve("main"), folder: folder, in: git)
    #expect(try Self.compile(second) != expected)
  }

  @Test("lists what a checkout has, with object ids, and no hidden entries")
  func listing() throws {
    let repository = try TemporaryRepository()
    try repository.write(Self.tree, below: "flags/")
    try repository.write([("flags/definitions/folder.yaml/inner.txt", "x")])
    let commit = try repository.commit("All")
    let git = try Repository(discovering: repository.folder)
    let files = try CommitFiles(of: git.resolve(commit), folder: "/flags/", in: git)
    let listed = try files.list()
    let expected = try WorkingTreeFiles(root: repository.folder + "/flags").list()
    func facts(_ entries: [FileEntry]) -> [String] {
      entries.map { "\(String(decoding: $0.path, as: UTF8.self)) \($0.kind)" }.sorted()
    }
    #expect(facts(listed) == facts(expected))
    #expect(facts(listed).contains("definitions/folder.yaml folder"))
    #expect(!facts(listed).contains { $0.contains("hidden") || $0.contains("gitignore") })
    for entry in listed where entry.kind == .file {
      let path = String(decoding: entry.path, as: UTF8.self)
      let id = try #require(entry.objectID).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      #expect(try repository.git(["rev-parse", "\(commit):flags/\(path)"]) == id)
    }
  }

  @Test("reads blobs, and refuses those above the limit")
  func reading() throws {
    let repository = try TemporaryRepository()
    try repository.write([("ensign.yaml", String(repeating: "#", count: 1000)), ("empty.yaml", "")])
    let commit = try repository.commit("Two files")
    let git = try Repository(discovering: repository.folder)
    let files = try CommitFiles(of: git.resolve(commit), folder: "", in: git)
    let entries = try files.list().sorted { $0.path.lexicographicallyPrecedes($1.path) }
    var reader = try files.reader()
    var bytes: [UInt8] = [1, 2, 3]
    try reader.read(entries[0], limit: 0, into: &bytes)
    #expect(bytes.isEmpty)
    try reader.read(entries[1], limit: 1000, into: &bytes)
    #expect(bytes == [UInt8](repeating: UInt8(ascii: "#"), count: 1000))
    let error = #expect(throws: FileAccessError.self) { try reader.read(entries[1], limit: 999, into: &bytes) }
    #expect(error?.code == .tooLarge)
    #expect(error?.path == "ensign.yaml")
  }

  @Test("symbolic links and submodules are what they are, and refused like in a checkout")
  func specialEntries() throws {
    let repository = try TemporaryRepository()
    let other = try TemporaryRepository()
    try other.write([("ensign.yaml", "format: 1\n")])
    try other.commit("Other")
    try repository.write(Rule.Example.base, below: "flags/")
    try FileManager.default.createSymbolicLink(
      atPath: repository.folder + "/flags/segments/link.yaml", withDestinationPath: "staff.yaml")
    try FileManager.default.createSymbolicLink(
      atPath: repository.folder + "/flags/tests/away", withDestinationPath: "/etc")
    try repository.git(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.folder, "flags/sub"])
    let commit = try repository.commit("Links")
    let git = try Repository(discovering: repository.folder)
    let files = try CommitFiles(of: git.resolve(commit), folder: "flags", in: git)
    let kinds = Dictionary(
      uniqueKeysWithValues: try files.list().map { (String(decoding: $0.path, as: UTF8.self), $0.kind) })
    #expect(kinds["segments/link.yaml"] == .symbolicLink)
    #expect(kinds["tests/away"] == .symbolicLink)
    #expect(kinds["sub"] == .other)
    let validation = try Validation.run(files)
    #expect(validation.checked == nil)
    let refused = validation.findings.filter { $0.level == .error }.map { validation.files.path(of: $0.file) }
    #expect(refused.contains("segments/link.yaml"))
    #expect(refused.contains("tests/away"))
  }

  @Test(
    "a folder that the commit does not have, or that is none",
    arguments: [
      ("flags", "has no folder `flags`"), ("shop/flag", "has no folder `shop/flag`"),
      ("shop/ensign.yaml", "`shop/ensign.yaml` is a file in the commit"),
      ("shop/ensign.yaml/deeper", "has no folder `shop/ensign.yaml/deeper`"),
      ("link", "`link` is a symbolic link in the commit"),
    ])
  func missingFolder(folder: String, words: String) throws {
    let repository = try TemporaryRepository()
    try repository.write([("shop/ensign.yaml", "format: 1\n")])
    try FileManager.default.createSymbolicLink(atPath: repository.folder + "/link", withDestinationPath: "shop")
    let id = try repository.commit("One")
    let git = try Repository(discovering: repository.folder)
    let commit = try git.resolve("HEAD")
    let error = #expect(throws: FileAccessError.self) { try CommitFiles(of: commit, folder: folder, in: git) }
    #expect(error?.code == .notFound)
    #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    #expect(error?.message.contains(id.prefix(12)) == true)
  }

  @Test("an object that is gone is an error with its path, never a file less")
  func missingObject() throws {
    let repository = try TemporaryRepository()
    try repository.write(Rule.Example.base)
    let commit = try repository.commit("All")
    let blob = try repository.git(["rev-parse", "HEAD:definitions/new-cart.yaml"])
    let tree = try repository.git(["rev-parse", "HEAD:segments"])
    let git = try Repository(discovering: repository.folder)
    let files = try CommitFiles(of: git.resolve(commit), folder: "", in: git)
    try FileManager.default.removeItem(
      atPath: "\(repository.folder)/.git/objects/\(blob.prefix(2))/\(blob.dropFirst(2))")
    let findings = try Validation.run(files).findings.filter { $0.level == .error }
    #expect(findings.contains { $0.message.contains(blob) || $0.help.contains(blob) }, "\(findings)")
    try FileManager.default.removeItem(
      atPath: "\(repository.folder)/.git/objects/\(tree.prefix(2))/\(tree.dropFirst(2))")
    let error = #expect(throws: FileAccessError.self) { try files.list() }
    #expect(error?.path == "segments")
    #expect(error?.message.contains(tree) == true)
  }

  private static func compile(_ files: some FlagFiles) throws -> [[UInt8]] {
    let validation = try Validation.run(files)
    let checked = try #require(validation.checked, "\(validation.findings.map(\.message))")
    return try SnapshotCompiler.compileAll(checked).map(\.bytes)
  }
}
