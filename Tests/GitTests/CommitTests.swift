import Foundation
import SeededRandom
import Testing

@testable import Git

@Suite("Writing")
struct CommitTests {
  @Test("a changed tree is the one that git writes", arguments: UInt64(0)..<12)
  func trees(seed: UInt64) throws {
    var random = Random(state: seed)
    let world = try TemporaryRepository()
    let names = ["a", "a.b", "a-b", "b/c", "b/d/e", "b/d/f", "b.c", "ä/ö", "z/z/z/z", "run"]
    for name in names where random.below(3) > 0 { try world.write(name, "\(random.below(5))") }
    try world.write("kept", "x")
    try world.write("run", "#!/bin/sh")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: world.folder + "/run")
    try world.git("add", "--all")
    try world.git("commit", "--quiet", "--message=first")
    let repository = try Repository(discovering: world.folder)
    let head = try repository.commit(repository.resolve("HEAD"))
    var changes: [TreeChange] = []
    for name in names where random.below(2) == 0 {
      let isThere = FileManager.default.fileExists(atPath: world.folder + "/" + name)
      if random.below(3) == 0 {
        if isThere { try world.git("rm", "--quiet", "--", name) }
        changes.append(TreeChange(path: name, blob: nil))
      } else {
        let text = "new \(random.below(9))"
        try world.write(name, text)
        changes.append(TreeChange(path: name, blob: try repository.writeBlob(Array(text.utf8))))
      }
    }
    try world.git("add", "--all")
    #expect(try repository.tree(head.tree, changing: changes).description == world.git("write-tree"))
  }

  @Test("dates are read as git writes them")
  func dates() throws {
    let cases: [(String, Int64, Int32)] = [
      ("1793700000 +0100", 1_793_700_000, 60), ("@0 -0130", 0, -90), ("5", 5, 0),
      ("2026-11-03T10:00:00+01:00", 1_793_696_400, 60), ("2026-11-03 10:00:00 -0530", 1_793_719_800, -330),
      ("2026-11-03T10:00:00Z", 1_793_700_000, 0), ("2026-11-03T10:00:00", 1_793_700_000, 0),
    ]
    for (text, seconds, offset) in cases {
      let date = try #require(CommitDate(text: text), "\(text)")
      #expect(date.seconds == seconds && date.offsetMinutes == offset, "\(text)")
    }
    for text in [
      "", "tomorrow", "2026-13-01T00:00:00Z", "2026-11-03", "5 0100", "5 +9900", "-5 +0100", "2026-11-03T10:00:00+",
    ] {
      #expect(CommitDate(text: text) == nil, "\(text)")
    }
  }

  @Test("a branch that moved is not moved back")
  func compareAndSwap() throws {
    let world = try TemporaryRepository()
    try world.write("a", "1")
    try world.commit("first")
    let repository = try Repository(discovering: world.folder)
    let tip = try repository.currentBranch()
    let me = Identity(name: "Ada", email: "ada@example.com", seconds: 5, offsetMinutes: 0)
    let tree = try repository.commit(tip.commit).tree
    let mine = try repository.commit(tree: tree, parent: tip.commit, author: me, committer: me, message: "mine\n")
    try world.write("a", "2")
    let theirs = try world.commit("theirs")
    #expect(try !repository.advance(tip, to: mine, committer: me, logMessage: "x"))
    #expect(try world.git("rev-parse", "HEAD") == theirs)
    #expect(try world.git("cat-file", "commit", mine.description).contains("author Ada <ada@example.com> 5 +0000"))
  }

  @Test("the lock of the index waits, and goes with its value")
  func locking() throws {
    let world = try TemporaryRepository()
    try world.write("a", "1")
    try world.commit("first")
    let path = world.folder + "/.git/index.lock"
    let repository = try Repository(discovering: world.folder)
    do {
      let lock = try repository.lockIndex(waiting: 0)
      #expect(FileManager.default.fileExists(atPath: path))
      let error = #expect(throws: GitError.self) {
        _ = try Repository(discovering: world.folder).lockIndex(waiting: 20)
      }
      #expect(error?.code == .locked)
      #expect(
        try lock.agreement(
          on: "a", file: world.folder + "/a",
          with: repository.entry(at: "a", inTree: repository.commit(repository.resolve("HEAD")).tree)?.id,
          in: repository) == .all)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(try world.git("status", "--porcelain") == "")
  }

  /// A generator whose sequence is the same everywhere.
  private struct Random {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
  }
}
