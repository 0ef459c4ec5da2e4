import Foundation
import Testing

@testable import Git

@Suite("Commit-graphs")
struct CommitGraphTests {
  /// Commits with merges of two and of three.
  private func woven() throws -> TemporaryRepository {
    let temporary = try TemporaryRepository()
    var stream = ""
    for number in 1...24 {
      stream += "commit refs/heads/c\(number)\nmark :\(number)\n"
      stream += "committer A <a@example.com> \(1_700_000_000 + number / 3 * 60) +0000\ndata 1\nx\n"
      if number > 1 { stream += "from :\(number.isMultiple(of: 3) ? max(1, number - 3) : number - 1)\n" }
      if number.isMultiple(of: 4) { stream += "merge :\(number - 2)\n" }
      if number.isMultiple(of: 8) { stream += "merge :\(number - 3)\n" }
      stream += "M 100644 inline flags/\(number % 5)\ndata 2\n\(number % 10)\n\n"
    }
    try temporary.git("fast-import", "--quiet", "--force", input: stream + "reset refs/heads/main\nfrom :24\n\n")
    return temporary
  }

  /// - Parameter isChecked: whether the trees of parents are to be those that the commits say.
  private func walked(_ temporary: TemporaryRepository, isChecked: Bool = false) throws -> [String] {
    let repository = try Repository(discovering: temporary.folder)
    var walk = try CommitWalk(from: repository.resolve("main"), in: repository)
    var ids: [String] = []
    while let step = try walk.next(in: repository) {
      ids.append(step.commit.id.description)
      #expect(step.isCutOff || step.parentTrees.count == step.commit.parents.count)
      guard isChecked else { continue }
      let trees = try step.commit.parents.map { try repository.commit($0).tree }
      #expect(step.parentTrees.elementsEqual(trees))
    }
    return ids
  }

  @Test("say what the commits say, in one file and in several", arguments: [false, true])
  func agree(isSplit: Bool) throws {
    let temporary = try woven()
    let expected = try temporary.git("log", "--format=%H", "main").split(separator: "\n").map(String.init)
    #expect(try walked(temporary, isChecked: true) == expected)
    if isSplit {
      for commit in ["c7", "c15"] {
        try temporary.git(
          "commit-graph", "write", "--split=no-merge", "--stdin-commits",
          input: temporary.git("rev-parse", commit) + "\n")
      }
    }
    if isSplit {
      try temporary.git("commit-graph", "write", "--reachable", "--changed-paths", "--split=no-merge")
      let chain = temporary.folder + "/.git/objects/info/commit-graphs/commit-graph-chain"
      #expect(try String(contentsOfFile: chain, encoding: .utf8).split(separator: "\n").count == 3)
    } else {
      try temporary.git("commit-graph", "write", "--reachable", "--changed-paths")
    }
    let repository = try Repository(discovering: temporary.folder)
    let graph = try #require(CommitGraph(temporary.folder + "/.git/objects/"))
    for text in expected {
      let id = try #require(ObjectID(hexadecimal: text))
      #expect(try graph.header(ofCommit: id) == repository.header(ofCommit: id))
    }
    #expect(graph.header(ofCommit: try #require(ObjectID(hexadecimal: String(repeating: "7", count: 40)))) == nil)
    #expect(try walked(temporary, isChecked: true) == expected)
    // Commits that came later are not in it.
    try temporary.git("switch", "--quiet", "main")
    try temporary.commit("later", at: 1_800_000_000)
    #expect(try walked(temporary, isChecked: true) == [temporary.git("rev-parse", "main")] + expected)
  }

  @Test("that are cut off or of another form are ignored, and damaged ones never crash")
  func damaged() throws {
    let temporary = try woven()
    try temporary.git("commit-graph", "write", "--reachable")
    let expected = try temporary.git("log", "--format=%H", "main").split(separator: "\n").map(String.init)
    let path = temporary.folder + "/.git/objects/info/commit-graph"
    let whole = try Data(contentsOf: URL(filePath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    for length in stride(from: 0, to: whole.count - 20, by: 97) {
      try whole.prefix(length).write(to: URL(filePath: path))
      #expect(try walked(temporary) == expected)
    }
    for (offset, byte) in [(0, UInt8(0)), (4, 2), (5, 2), (6, 200), (7, 1), (8, 0), (13, 255)] {
      var other = whole
      other[offset] = byte
      try other.write(to: URL(filePath: path))
      #expect(try walked(temporary) == expected, "byte \(offset)")
    }
    for offset in stride(from: 0, to: whole.count, by: 5) {
      var other = whole
      other[offset] ^= 0xFF
      try other.write(to: URL(filePath: path))
      _ = try? walked(temporary)
    }
  }

  @Test("are ignored where the history is cut off")
  func shallow() throws {
    let temporary = try woven()
    try temporary.git("commit-graph", "write", "--reachable")
    let id = try temporary.git("rev-parse", "c12")
    try (id + "\n").write(toFile: temporary.folder + "/.git/shallow", atomically: true, encoding: .utf8)
    let expected = try temporary.git("log", "--format=%H", "main").split(separator: "\n").map(String.init)
    #expect(try walked(temporary) == expected)
  }

  @Test("know how many paths a commit changed, and leave none of them out", arguments: [false, true])
  func changedPaths(isSplit: Bool) throws {
    let temporary = try woven()
    for number in 0..<300 { try temporary.write("many/\(number)", "x") }
    try temporary.write("flags/ünïcode/a", "x")
    try temporary.commit("many")
    for number in 0..<600 { try temporary.write("too/many/\(number)", "x") }
    try temporary.commit("too many")
    if isSplit {
      try temporary.git(
        "commit-graph", "write", "--changed-paths", "--split=no-merge", "--stdin-commits",
        input: temporary.git("rev-parse", "c15") + "\n")
    }
    try temporary.git(
      "commit-graph", "write", "--reachable", "--changed-paths", isSplit ? "--split=no-merge" : "--no-progress")
    let graph = try #require(CommitGraph(temporary.folder + "/.git/objects/"))
    var (met, unknown, wrong) = (0, 0, 0)
    for text in try temporary.git("log", "--format=%H", "main").split(separator: "\n") {
      let files = try temporary.git(
        "-c", "core.quotePath=false", "diff-tree", "--root", "-r", "-t", "--no-commit-id", "--name-only",
        "--no-renames", String(text))
      let id = try #require(ObjectID(hexadecimal: String(text)))
      let header = try Repository(discovering: temporary.folder).header(ofCommit: id)
      if header.parents.count > 1 { continue }
      let paths = files.split(separator: "\n").map(String.init)
      guard let changed = try graph.changedPaths(at: #require(graph.position(of: id))) else {
        unknown += 1
        continue
      }
      met += 1
      #expect(changed.count == paths.count)
      func mayContain(_ path: String) -> Bool {
        unsafe Array(path.utf8).withUnsafeBytes { unsafe changed.mayContain($0) }
      }
      for path in paths { #expect(mayContain(path), "\(path)") }
      for number in 0..<50 where mayContain("other/\(number)") { wrong += 1 }
    }
    #expect(met > 8)
    #expect(unknown >= 1)
    #expect(wrong < met * 50 / 10)
  }
}
