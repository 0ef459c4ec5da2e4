import Foundation
import Git
import Testing

/// The error that `body` throws.
func error(_ body: () throws(GitError) -> Void) throws -> GitError {
  do {
    try body()
  } catch {
    return error
  }
  throw TemporaryRepository.Failure(description: "no error was thrown")
}

@Suite("Repositories")
struct RepositoryTests {
  @Test("are found from any folder or file in them")
  func discovery() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a/b/c.yaml", "c")
    for path in ["", "/a", "/a/b/", "/.git", "/a/b/c.yaml"] {
      let repository = try Repository(discovering: temporary.folder + path)
      #expect(repository.gitDirectory == temporary.folder + "/.git/")
      #expect(repository.workTree == temporary.folder + "/")
      #expect(repository.isShallow == false)
    }
  }

  @Test("that are none are told")
  func notARepository() throws {
    let temporary = try TemporaryRepository(initialised: false)
    let none = try error { () throws(GitError) in _ = try Repository(discovering: temporary.folder) }
    #expect(none.code == .notARepository)
    #expect(none.message == "'\(temporary.folder)' is in no Git repository")
    let missing = try error { () throws(GitError) in _ = try Repository(discovering: temporary.folder + "/missing") }
    #expect(missing.code == .notARepository)
    #expect(missing.message == "there is no '\(temporary.folder)/missing'")
    let above = try TemporaryRepository()
    try above.write("a/b", "c")
    let exact = try error { () throws(GitError) in _ = try Repository(gitDirectory: above.folder + "/a") }
    #expect(exact.code == .notARepository)
  }

  @Test("of another user are told, with what to do")
  func otherOwner() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a/b/c", "d")
    // Only root can give a folder away; for anybody else there is nothing to see here.
    guard chown(temporary.folder, 12_345, 12_345) == 0, chown(temporary.folder + "/.git", 12_345, 12_345) == 0 else {
      return
    }
    for path in ["", "/.git", "/a", "/a/b"] {
      let other = try error { () throws(GitError) in _ = try Repository(discovering: temporary.folder + path) }
      #expect(other.code == .notOwned)
      #expect(other.message.hasPrefix("the repository at '\(temporary.folder)' belongs to another user"))
      #expect(other.help?.hasSuffix("safe.directory '\(temporary.folder)'") == true)
    }
  }

  @Test("without a work tree work")
  func bare() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a", "b")
    let head = try temporary.commit("first")
    try temporary.git("clone", "--quiet", "--bare", ".", "bare.git")
    let repository = try Repository(discovering: temporary.folder + "/bare.git")
    #expect(repository.workTree == nil)
    #expect(try repository.resolve("HEAD").description == head)
    let outside = try error { () throws(GitError) in _ = try repository.pathInWorkTree(of: temporary.folder) }
    #expect(outside.code == .outsideWorkTree)
  }

  @Test("with a second work tree work from there, and open again by their folder")
  func workTrees() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a", "b")
    let first = try temporary.commit("first")
    try temporary.git("worktree", "add", "--quiet", "-b", "other", "further")
    let further = try Repository(discovering: temporary.folder + "/further")
    #expect(further.workTree == temporary.folder + "/further/")
    #expect(try further.resolve("other").description == first)
    let again = try Repository(gitDirectory: further.gitDirectory)
    #expect(again.workTree == further.workTree)
    #expect(try again.resolve("HEAD").description == first)
  }

  @Test("with extensions that concern other things are opened, those of another hash are not")
  func extensions() throws {
    let temporary = try TemporaryRepository()
    let head = try temporary.commit("first")
    try temporary.git("config", "core.repositoryFormatVersion", "1")
    try temporary.git("config", "extensions.worktreeConfig", "true")
    #expect(try Repository(discovering: temporary.folder).resolve("HEAD").description == head)
    try temporary.git("config", "extensions.partialClone", "origin")
    #expect(try Repository(discovering: temporary.folder).resolve("HEAD").description == head)
    let other = try TemporaryRepository(initialised: false)
    try other.git("init", "--quiet", "--object-format=sha256")
    let refused = try error { () throws(GitError) in _ = try Repository(discovering: other.folder) }
    #expect(refused.message.lowercased().contains("objectformat"))
  }

  @Test("that were cloned without their history say so")
  func shallow() throws {
    let temporary = try TemporaryRepository()
    for number in 1...3 { try temporary.commit("\(number)") }
    try temporary.git("clone", "--quiet", "--depth=1", "file://\(temporary.folder)", "clone")
    let clone = try Repository(discovering: temporary.folder + "/clone")
    #expect(clone.isShallow == true)
    let missing = try error { () throws(GitError) in _ = try clone.resolve("HEAD~1") }
    #expect(missing.code == .unknownRevision)
    #expect(missing.help?.contains("--unshallow") == true)
    let parent = try #require(ObjectID(hexadecimal: temporary.git("rev-parse", "HEAD~1")))
    let absent = try error { () throws(GitError) in _ = try clone.commit(parent) }
    #expect(absent.code == .missingObject)
    #expect(absent.help?.contains("--unshallow") == true)
  }

  @Test("know the path of a folder in them")
  func pathInWorkTree() throws {
    let temporary = try TemporaryRepository()
    try temporary.write("a/b/c.yaml", "c")
    try FileManager.default.createSymbolicLink(
      atPath: temporary.folder + "/link", withDestinationPath: temporary.folder + "/a")
    let repository = try Repository(discovering: temporary.folder)
    for (path, expected) in [
      ("", ""), ("/", ""), ("/a", "a"), ("/a/", "a"), ("/a/b/c.yaml", "a/b/c.yaml"), ("/a/../a/./b", "a/b"),
      ("/link/b", "a/b"), ("/gone", "gone"), ("/link/gone/too/", "a/gone/too"), ("/.", ""),
    ] {
      #expect(try repository.pathInWorkTree(of: temporary.folder + path) == expected)
    }
    for path in ["/tmp", "/", temporary.folder + "-other", temporary.folder + "/gone/../../..", "/nowhere/at/all"] {
      let outside = try error { () throws(GitError) in _ = try repository.pathInWorkTree(of: path) }
      #expect(outside.code == .outsideWorkTree, "\(path)")
    }
  }

  @Test("are read by several threads, each with its own")
  func threads() async throws {
    let temporary = try TemporaryRepository()
    for number in 0..<20 { try temporary.write("files/\(number)", "content \(number)") }
    try temporary.commit("first")
    let folder = try Repository(discovering: temporary.folder).gitDirectory
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let repository = try Repository(gitDirectory: folder)
          let tree = try repository.commit(repository.resolve("HEAD")).tree
          let files = try #require(try repository.entry(at: "files", inTree: tree))
          var bytes = 0
          for entry in try repository.entries(ofTree: files.id) {
            bytes += try repository.withBlob(entry.id) { $0.count }
          }
          return bytes
        }
      }
      for try await bytes in group { #expect(bytes == 10 * 9 + 10 * 10) }
    }
  }
}
