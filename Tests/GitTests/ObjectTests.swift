import Foundation
import Git
import Testing

@Suite("Objects")
struct ObjectTests {
  @Test("ids are 40 digits, in bytes and in order")
  func ids() throws {
    let text = "00ff10a0b0c0d0e0f00112233445566778899aab"
    let id = try #require(ObjectID(hexadecimal: text))
    #expect(id.description == text)
    #expect(ObjectID(hexadecimal: text.uppercased()) == id)
    let bytes = stride(from: 0, to: 40, by: 2).map { index in
      UInt8(text.dropFirst(index).prefix(2), radix: 16) ?? 0
    }
    #expect(bytes.withUnsafeBytes { ObjectID(bytes: $0) } == id)
    #expect(bytes.dropLast().withUnsafeBytes { ObjectID(bytes: $0) } == nil)
    for wrong in ["", String(text.dropLast()), text + "0", "+" + text.dropFirst(), "g" + text.dropFirst()] {
      #expect(ObjectID(hexadecimal: wrong) == nil)
    }
    let larger = try #require(ObjectID(hexadecimal: "01" + text.dropFirst(2)))
    #expect(id < larger)
  }

  @Test(
    "a commit has the facts that git tells",
    arguments: [
      "One line", "Subject\n\nBody of\nseveral lines.\n", "Two lines\nof subject\n\n\nBody", "Ünïcode 😀\n\n- list", "",
    ])
  func commit(_ message: String) throws {
    let temporary = try TemporaryRepository()
    let first = try temporary.commit("first", at: 1_600_000_000)
    try temporary.git(
      "commit", "--quiet", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "--file=-", input: message)
    let repository = try Repository(discovering: temporary.folder)
    let commit = try repository.commit(repository.resolve("HEAD"))
    func fact(_ format: String) throws -> String {
      try temporary.git("log", "-1", "--format=\(format)", "--encoding=UTF-8")
    }
    #expect(try commit.id.description == fact("%H"))
    #expect(try commit.tree.description == fact("%T"))
    #expect(commit.parents.map(\.description) == [first])
    #expect(try commit.author.name == fact("%an"))
    #expect(try commit.author.email == fact("%ae"))
    #expect(try "\(commit.author.seconds)" == fact("%at"))
    #expect(commit.author.offsetMinutes == 330)
    #expect(try commit.committer.name == fact("%cn"))
    #expect(try commit.committer.email == fact("%ce"))
    #expect(try "\(commit.committer.seconds)" == fact("%ct"))
    #expect(commit.committer.offsetMinutes == -480)
    #expect(try commit.subject == fact("%s"))
    let raw = try temporary.git("cat-file", "commit", "HEAD")
    #expect(commit.message.isEmpty || raw.hasSuffix(commit.message.trimmingCharacters(in: .newlines)))
    #expect(commit.message == message)
  }

  @Test("a merge has its parents in order")
  func merge() throws {
    let temporary = try TemporaryRepository()
    try temporary.commit("first")
    try temporary.git("checkout", "--quiet", "-b", "side")
    try temporary.commit("side")
    try temporary.git("checkout", "--quiet", "main")
    try temporary.commit("second")
    try temporary.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    let repository = try Repository(discovering: temporary.folder)
    let parents = try repository.commit(repository.resolve("HEAD")).parents
    #expect(
      try parents.map(\.description)
        == temporary.git("rev-parse", "HEAD^1", "HEAD^2").split(separator: "\n").map(String.init))
    let root = try repository.commit(repository.resolve("main~2"))
    #expect(root.parents.isEmpty)
  }

  @Test("a tree has the entries that git lists, at every level")
  func trees() throws {
    let temporary = try TemporaryRepository()
    for path in ["flags/a.yaml", "flags/b/c.yaml", "flags.txt", "flags-x/y", "é/日", "with space/a b"] {
      try temporary.write(path, "content of \(path)")
    }
    try temporary.write("run.sh", "#!/bin/sh")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: temporary.folder + "/run.sh")
    try FileManager.default.createSymbolicLink(atPath: temporary.folder + "/link", withDestinationPath: "flags/a.yaml")
    try temporary.git("add", "--all")
    let other = "0123456789012345678901234567890123456789"
    try temporary.git("update-index", "--add", "--cacheinfo", "160000,\(other),module")
    try temporary.git("commit", "--quiet", "-m", "all kinds")
    let repository = try Repository(discovering: temporary.folder)
    let root = try repository.commit(repository.resolve("HEAD")).tree
    let modes: [TreeEntry.Kind: String] = [
      .blob: "100644", .executable: "100755", .symlink: "120000", .tree: "040000", .submodule: "160000",
    ]
    func listing(_ tree: ObjectID, _ prefix: String) throws -> [String] {
      try repository.entries(ofTree: tree).flatMap { entry in
        let line = "\(modes[entry.kind] ?? "?") \(entry.id) \(prefix)\(entry.name)"
        return try [line] + (entry.kind == .tree ? listing(entry.id, prefix + entry.name + "/") : [])
      }
    }
    let listed = try temporary.git(
      "-c", "core.quotePath=false", "ls-tree", "-r", "-t", "-z", "--format=%(objectmode) %(objectname) %(path)", "HEAD")
    let expected = listed.split(separator: "\0").map(String.init)
    #expect(expected.count == 14)
    let actual = try listing(root, "")
    #expect(actual == expected)

    for path in ["flags", "flags/b/c.yaml", "é/日", "/flags/b/", "with space/a b", "module", "link"] {
      let entry = try #require(try repository.entry(at: path, inTree: root), "\(path)")
      let name = path.trimmingCharacters(in: ["/"])
      #expect(try entry.id.description == temporary.git("rev-parse", "HEAD:\(name)"))
    }
    #expect(try repository.entry(at: "", inTree: root)?.id == root)
    for path in ["missing", "flags/missing", "flags.txt/x", "module/x", "link/x", "FLAGS", "fla", "flags/.."] {
      #expect(try repository.entry(at: path, inTree: root) == nil, "\(path)")
    }
  }

  @Test("an empty tree has no entries")
  func emptyTree() throws {
    let temporary = try TemporaryRepository()
    try temporary.commit("nothing")
    let repository = try Repository(discovering: temporary.folder)
    #expect(try repository.entries(ofTree: repository.commit(repository.resolve("HEAD")).tree).isEmpty)
  }

  @Test("blobs are read loose and packed, with checking and without", arguments: [true, false], [true, false])
  func blobs(isPacked: Bool, verifies: Bool) throws {
    let temporary = try TemporaryRepository()
    let contents = ["", "a", "é\0\n", String(repeating: "line\n", count: 50_000)]
    for (number, content) in contents.enumerated() { try temporary.write("\(number)", content) }
    try temporary.commit("first")
    if isPacked { try temporary.git("gc", "--quiet") }
    let repository = try Repository(discovering: temporary.folder, verifiesObjects: verifies)
    let tree = try repository.commit(repository.resolve("HEAD")).tree
    for (number, content) in contents.enumerated() {
      let entry = try #require(try repository.entry(at: "\(number)", inTree: tree))
      #expect(try repository.withBlob(entry.id) { Array($0) } == Array(content.utf8))
      #expect(try repository.withBlob(entry.id, limit: content.utf8.count) { $0.count } == content.utf8.count)
      guard !content.isEmpty else { continue }
      let large = try error { () throws(GitError) in
        try repository.withBlob(entry.id, limit: content.utf8.count - 1) { _ in }
      }
      #expect(large.code == .tooLarge)
    }
  }

  @Test("the limit counts the bytes of an object, not those of what a pack makes it of")
  func limitsOfDeltas() throws {
    let temporary = try TemporaryRepository()
    let contents = (0..<4).map { version in (0..<5000 + version).map { "line \($0 * $0)\n" }.joined() }
    for (version, content) in contents.enumerated() {
      try temporary.write("a", content)
      try temporary.commit("version \(version)")
    }
    try temporary.git("gc", "--quiet")
    let bases = try temporary.git("cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(deltabase)")
    let deltas = bases.split(separator: "\n").filter { $0.hasPrefix("blob") && $0.contains { !"blob 0".contains($0) } }
    #expect(deltas.count == 3)
    let repository = try Repository(discovering: temporary.folder)
    for (version, content) in contents.enumerated() {
      let tree = try repository.commit(repository.resolve("HEAD~\(3 - version)")).tree
      let entry = try #require(try repository.entry(at: "a", inTree: tree))
      let count = content.utf8.count
      #expect(try repository.withBlob(entry.id, limit: count) { Array($0) } == Array(content.utf8))
      let large = try error { () throws(GitError) in try repository.withBlob(entry.id, limit: count - 1) { _ in } }
      #expect(large.code == .tooLarge)
    }
  }

  @Test("an object of another type is an error")
  func wrongType() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a", "b")
    try temporary.commit("first")
    let repository = try Repository(discovering: temporary.folder)
    let commit = try repository.resolve("HEAD")
    let tree = try repository.commit(commit).tree
    let blob = try #require(try repository.entry(at: "a", inTree: tree)).id
    let codes = try [
      error { () throws(GitError) in try repository.withBlob(tree) { _ in } },
      error { () throws(GitError) in _ = try repository.entries(ofTree: blob) },
      error { () throws(GitError) in _ = try repository.entries(ofTree: commit) },
      error { () throws(GitError) in _ = try repository.commit(tree) },
    ].map(\.code)
    #expect(codes == [.wrongType, .wrongType, .wrongType, .wrongType])
  }

  @Test("a missing object is an error, never an empty answer")
  func missing() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a/b", "c")
    try temporary.commit("first")
    let ids = try ["HEAD", "HEAD^{tree}", "HEAD:a", "HEAD:a/b"].map { try temporary.git("rev-parse", $0) }
    let objects = try ids.map { try #require(ObjectID(hexadecimal: $0)) }
    for id in ids { try FileManager.default.removeItem(atPath: temporary.folder + loosePath(id)) }
    let repository = try Repository(discovering: temporary.folder)
    let errors = try [
      error { () throws(GitError) in _ = try repository.commit(objects[0]) },
      error { () throws(GitError) in _ = try repository.entries(ofTree: objects[1]) },
      error { () throws(GitError) in _ = try repository.entry(at: "x", inTree: objects[2]) },
      error { () throws(GitError) in try repository.withBlob(objects[3]) { _ in } },
      error { () throws(GitError) in try repository.withBlob(objects[3], limit: 5) { _ in } },
    ]
    #expect(errors.map(\.code) == Array(repeating: .missingObject, count: 5))
    for (missing, id) in zip(errors, ids) { #expect(missing.message.contains(id)) }
    #expect(throws: GitError.self) { try repository.resolve("HEAD") }
  }

  @Test("a damaged object is an error", arguments: ["cut", "cut early", "empty", "noise", "longer"])
  func corrupt(_ damage: String) throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a", String(repeating: "some content\n", count: 1000))
    try temporary.commit("first")
    for (index, name) in ["HEAD", "HEAD^{tree}", "HEAD:a"].enumerated() {
      let id = try temporary.git("rev-parse", name)
      let path = temporary.folder + loosePath(id)
      try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
      let whole = try Data(contentsOf: URL(filePath: path))
      let damaged =
        switch damage {
        case "cut": whole.prefix(whole.count / 2)
        case "cut early": whole.prefix(5)
        case "empty": Data()
        case "longer": whole + Data("more".utf8)
        default: Data(whole.map { ~$0 })
        }
      try damaged.write(to: URL(filePath: path))
      let object = try #require(ObjectID(hexadecimal: id))
      let repository = try Repository(discovering: temporary.folder)
      let failure = try error { () throws(GitError) in
        switch index {
        case 0: _ = try repository.commit(object)
        case 1: _ = try repository.entries(ofTree: object)
        default: try repository.withBlob(object) { _ in }
        }
      }
      _ = try error { () throws(GitError) in _ = try repository.resolve(String(id.prefix(8))) }
      #expect(failure.code == .corruptObject, "\(name): \(failure)")
      #expect(failure.message.contains(id))
      try whole.write(to: URL(filePath: path))
    }
  }

  @Test("a forged object is found when objects are checked")
  func forged() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a", "the truth\n")
    try temporary.write("b", "something else\n")
    try temporary.commit("first")
    let truth = try temporary.git("rev-parse", "HEAD:a")
    let forgery = try temporary.git("rev-parse", "HEAD:b")
    try FileManager.default.removeItem(atPath: temporary.folder + loosePath(truth))
    try FileManager.default.copyItem(
      atPath: temporary.folder + loosePath(forgery), toPath: temporary.folder + loosePath(truth))
    let id = try #require(ObjectID(hexadecimal: truth))
    let checking = try Repository(discovering: temporary.folder, verifiesObjects: true)
    let found = try error { () throws(GitError) in try checking.withBlob(id) { _ in } }
    #expect(found.code == .corruptObject)
  }

  @Test(
    "a tree that is no tree is an error",
    arguments: ["100644 a", "100644 a\0short", "777 a\0aaaaaaaaaaaaaaaaaaaa", "x"])
  func badTree(_ bytes: String) throws {
    let temporary = try TemporaryRepository()
    let id = try temporary.git("hash-object", "-w", "--literally", "-t", "tree", "--stdin", input: bytes)
    let repository = try Repository(discovering: temporary.folder)
    let tree = try #require(ObjectID(hexadecimal: id))
    let bad = try error { () throws(GitError) in _ = try repository.entries(ofTree: tree) }
    #expect(bad.code == .corruptObject)
  }

  private func loosePath(_ id: String) -> String { "/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))" }
}
