import Git
import Testing

@Suite("Revisions")
struct RevisionTests {
  @Test("mean what they mean to git")
  func resolve() throws {
    let temporary = try TemporaryRepository()
    for number in 1...5 { try temporary.commit("commit \(number)") }
    try temporary.git("tag", "light", "HEAD~1")
    try temporary.git("tag", "--annotate", "--message=x", "heavy", "HEAD~2")
    try temporary.git("branch", "feature/one", "HEAD~3")
    try temporary.git("update-ref", "refs/remotes/origin/main", "HEAD~4")
    let repository = try Repository(discovering: temporary.folder)
    let short = try String(temporary.git("rev-parse", "HEAD~1").prefix(9))
    for revision in [
      "HEAD", "@", "main", "HEAD~3", "HEAD^", "main~2^", "light", "heavy", "heavy~1", "feature/one", "refs/heads/main",
      "origin/main", short, short.uppercased(), "heavy^{commit}", ":/commit 3", "main@{0}",
    ] {
      #expect(try repository.resolve(revision).description == temporary.git("log", "-1", "--format=%H", revision))
    }
    #expect(try repository.referenceNames() == ["feature/one", "heavy", "light", "main", "origin/main"])
  }

  @Test("that are unknown are answered with the nearest name")
  func unknown() throws {
    let temporary = try TemporaryRepository()
    try temporary.commit("first")
    try temporary.git("tag", "v1.0.0")
    try temporary.git("branch", "feature/checkout")
    let repository = try Repository(discovering: temporary.folder)
    for (revision, message, help) in [
      ("mian", "there is no revision 'mian'", "did you mean 'main'?"),
      ("feature/chekout", "there is no revision 'feature/chekout'", "did you mean 'feature/checkout'?"),
      ("v1.0.1", "there is no revision 'v1.0.1'", "did you mean 'v1.0.0'?"),
      ("HEAD~9", "there is no revision 'HEAD~9'", "the history does not go back so far"),
      ("main~9", "there is no revision 'main~9'", "the history does not go back so far"),
      ("mian~9", "there is no revision 'mian~9'", "did you mean 'main'?"),
      (
        "nothing-like-it", "there is no revision 'nothing-like-it'",
        "git branch --all and git tag list the names; fetch it if it is on a remote"
      ),
      (
        "0123456789012345678901234567890123456789",
        "there is no revision '0123456789012345678901234567890123456789'",
        "git branch --all and git tag list the names; fetch it if it is on a remote"
      ),
    ] {
      let unknown = try error { () throws(GitError) in _ = try repository.resolve(revision) }
      #expect(unknown.code == .unknownRevision)
      #expect(unknown.message == message)
      #expect(unknown.help == help)
    }
  }

  @Test("that are none are told", arguments: ["", "main\0x", "main^{", "..", "main..main"])
  func invalid(_ revision: String) throws {
    let temporary = try TemporaryRepository()
    try temporary.commit("first")
    let repository = try Repository(discovering: temporary.folder)
    let invalid = try error { () throws(GitError) in _ = try repository.resolve(revision) }
    #expect(invalid.code == .invalidRevision || invalid.code == .unknownRevision)
    #expect(invalid.help != nil)
  }

  @Test("that name a file or a folder are no commits")
  func noCommit() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a/b", "c")
    try temporary.commit("first")
    try temporary.git("tag", "a-tree", "HEAD^{tree}")
    let repository = try Repository(discovering: temporary.folder)
    for revision in ["HEAD:a/b", "HEAD:a", "a-tree"] {
      let other = try error { () throws(GitError) in _ = try repository.resolve(revision) }
      #expect(other.code == .invalidRevision)
      #expect(other.message == "'\(revision)' is no commit")
    }
  }

  @Test("in a repository without commits are told")
  func unborn() throws {
    let temporary = try TemporaryRepository()
    let repository = try Repository(discovering: temporary.folder)
    let unborn = try error { () throws(GitError) in _ = try repository.resolve("HEAD") }
    #expect(unborn.code == .unknownRevision)
    #expect(unborn.help == "commit something first")
  }

  @Test("that begin several ids are told")
  func ambiguous() throws {
    let temporary = try TemporaryRepository()
    try temporary.commit("first")
    for content in ["1071", "1251"] {
      #expect(try temporary.git("hash-object", "-w", "--stdin", input: content).hasPrefix("f0acb"))
    }
    let repository = try Repository(discovering: temporary.folder)
    let ambiguous = try error { () throws(GitError) in _ = try repository.resolve("f0acb") }
    #expect(ambiguous.code == .ambiguousRevision)
  }
}
