import Git
import Testing

@Suite("Histories")
struct HistoryTests {
  /// A history with branches and merges, all of it on refs.
  private func woven() throws -> TemporaryRepository {
    let temporary = try TemporaryRepository()
    for number in 1...3 { try temporary.commit("main \(number)", at: 1_700_000_000 + number) }
    try temporary.git("branch", "early", "HEAD~1")
    try temporary.git("switch", "--quiet", "-c", "side")
    for number in 1...4 { try temporary.commit("side \(number)", at: 1_700_000_100 - number) }
    try temporary.git("switch", "--quiet", "main")
    try temporary.commit("main 4", at: 1_600_000_000)
    try temporary.git("merge", "--quiet", "--no-ff", "--message=merge", "side")
    try temporary.git("switch", "--quiet", "--orphan", "other")
    try temporary.commit("unrelated")
    try temporary.git("switch", "--quiet", "main")
    return temporary
  }

  @Test("are as long as git says")
  func count() throws {
    let temporary = try woven()
    let repository = try Repository(discovering: temporary.folder)
    for revision in ["main", "side", "early", "other", "main~1", "main^2~2"] {
      let expected = try Int(temporary.git("rev-list", "--first-parent", "--count", revision))
      #expect(try repository.firstParentCount(to: repository.resolve(revision)) == expected, "\(revision)")
    }
  }

  @Test("know ancestors as git does")
  func ancestors() throws {
    let temporary = try woven()
    let repository = try Repository(discovering: temporary.folder)
    let revisions = ["main", "side", "early", "other", "main~1", "main^2~2"]
    for older in revisions {
      for newer in revisions {
        let expected = (try? temporary.git("merge-base", "--is-ancestor", older, newer)) != nil
        let actual = try repository.isAncestor(repository.resolve(older), of: repository.resolve(newer))
        #expect(actual == expected, "\(older) \(newer)")
      }
    }
  }

  @Test("that were cut off are refused, with what to do")
  func shallow() throws {
    let temporary = try woven()
    try temporary.git("clone", "--quiet", "--depth=2", "file://\(temporary.folder)", "shallow")
    let repository = try Repository(discovering: temporary.folder + "/shallow")
    let head = try repository.resolve("HEAD")
    let older = try repository.resolve("HEAD~1")
    for refused in [
      try error { () throws(GitError) in _ = try repository.firstParentCount(to: head) },
      try error { () throws(GitError) in _ = try repository.isAncestor(older, of: head) },
    ] {
      #expect(refused.code == .shallowHistory)
      #expect(refused.help?.contains("git fetch --unshallow") == true)
    }
    #expect(try repository.isAncestor(head, of: head))
  }

  @Test("that lack a commit say which")
  func missing() throws {
    let temporary = try woven()
    let repository = try Repository(discovering: temporary.folder)
    let head = try repository.resolve("HEAD")
    let unknown = try #require(ObjectID(hexadecimal: String(repeating: "7", count: 40)))
    for missing in [
      try error { () throws(GitError) in _ = try repository.isAncestor(unknown, of: head) },
      try error { () throws(GitError) in _ = try repository.isAncestor(unknown, of: unknown) },
      try error { () throws(GitError) in _ = try repository.firstParentCount(to: unknown) },
    ] {
      #expect(missing.code == .missingObject)
      #expect(missing.message.contains("7777"))
    }
  }

  @Test("are named by the branch or tag of a revision")
  func referenceNames() throws {
    let temporary = try woven()
    try temporary.git("tag", "v1", "early")
    try temporary.git("tag", "--annotate", "--message=x", "v2", "early")
    try temporary.git("update-ref", "refs/remotes/origin/main", "early")
    let repository = try Repository(discovering: temporary.folder)
    let id = try temporary.git("rev-parse", "main")
    for (revision, expected) in [
      ("HEAD", "refs/heads/main"), ("main", "refs/heads/main"), ("refs/heads/side", "refs/heads/side"),
      ("v1", "refs/tags/v1"), ("v2", "refs/tags/v2"), ("origin/main", "refs/remotes/origin/main"),
      ("main~1", nil), ("HEAD^", nil), (id, nil), (String(id.prefix(10)), nil),
    ] {
      #expect(try repository.referenceName(of: revision) == expected, "\(revision)")
    }
    try temporary.git("switch", "--quiet", "--detach")
    #expect(try repository.referenceName(of: "HEAD") == nil)
    let unknown = try error { () throws(GitError) in _ = try repository.referenceName(of: "mian") }
    #expect(unknown.help == "did you mean 'main'?")
  }
}

@Suite("The state of a work tree")
struct StatusTests {
  @Test("is what git status says")
  func changes() throws {
    let temporary = try TemporaryRepository()
    for name in ["flags/same", "flags/changed", "flags/staged", "flags/removed", "flags/unlinked", "flagship/a", "top"]
    {
      try temporary.write(name, name)
    }
    try temporary.write(".gitignore", "*.tmp\n")
    try temporary.commit("first")
    let repository = try Repository(discovering: temporary.folder)
    #expect(try repository.changedFiles(below: "") == [])
    for name in ["flags/changed", "flags/staged", "flagship/a", "top", "flags/new", "flags/deep/er/new", "flags/x.tmp"]
    {
      try temporary.write(name, "other")
    }
    try temporary.git("add", "flags/staged", "flags/deep")
    try temporary.git("rm", "--quiet", "flags/removed")
    try temporary.git("update-index", "--force-remove", "flags/unlinked")
    for folder in ["flags", "flagship", "", "nothing", "flags/deep"] {
      let status = try temporary.git(
        "status", "--porcelain", "--untracked-files=all", "--", folder.isEmpty ? "." : folder)
      let expected = Set(status.split(separator: "\n").map { $0.dropFirst(2).drop { $0 == " " } }).map(String.init)
      #expect(try repository.changedFiles(below: folder) == expected.sorted())
    }
    #expect(try repository.changedFiles(below: "flags").count == 6)
  }

  @Test("tells changes that only the index has")
  func staged() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("flags/a", "a")
    try temporary.commit("first")
    try temporary.write("flags/a", "b")
    try temporary.git("add", "flags/a")
    try temporary.write("flags/a", "a")
    let repository = try Repository(discovering: temporary.folder)
    #expect(try repository.changedFiles(below: "flags") == ["flags/a"])
  }

  @Test("takes the folder by its name, not as a pattern")
  func pattern() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("f*/a", "a")
    try temporary.write("flags/a", "a")
    let repository = try Repository(discovering: temporary.folder)
    #expect(try repository.changedFiles(below: "f*") == ["f*/a"])
  }
}
