import Foundation
import SeededRandom
import Testing

@testable import Git

/// Commits taken apart here, against libgit2.
@Suite("Commits taken apart")
struct CommitBytesTests {
  private static let tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

  @Test("are what libgit2 takes them for, odd ones too", arguments: UInt64(0)..<8)
  func againstLibrary(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let world = try TemporaryRepository()
    var paths: [String] = []
    for number in 0..<80 {
      paths.append("\(number)")
      let path = URL(filePath: world.folder).appending(path: paths[number])
      try Data(Self.commit(&random)).write(to: path)
    }
    let ids = try world.git(
      "-c", "core.fsync=none", "hash-object", "-t", "commit", "-w", "--literally", "--stdin-paths",
      input: paths.map { $0 + "\n" }.joined())
    let repository = try Repository(discovering: world.folder)
    var taken = 0
    for (path, text) in zip(paths, ids.split(separator: "\n")) {
      let id = try #require(ObjectID(hexadecimal: String(text)))
      let bytes = try repository.bytes(ofCommit: id)
      if unsafe bytes.withUnsafeBytes({ unsafe CommitBytes($0).commit(id) }) != nil { taken += 1 }
      #expect(
        Self.outcome { () throws(GitError) in try repository.commit(id) }
          == Self.outcome { () throws(GitError) in try repository.libraryCommit(id) },
        "\(path): \(String(decoding: bytes, as: UTF8.self))")
    }
    // Neither all of them nor none are left to libgit2.
    #expect(taken > 10 && taken < 70)
  }

  @Test("of the usual form are not left to libgit2")
  func usual() throws {
    let world = try TemporaryRepository()
    try world.write("a", "1")
    let id = try #require(ObjectID(hexadecimal: try world.commit("Turn it on\n\nAs agreed.\n\nReviewed-by: C <c@d>")))
    let bytes = try Repository(discovering: world.folder).bytes(ofCommit: id)
    let commit = try #require(unsafe bytes.withUnsafeBytes { unsafe CommitBytes($0).commit(id) })
    #expect(commit.subject == "Turn it on")
    #expect(commit.message == "Turn it on\n\nAs agreed.\n\nReviewed-by: C <c@d>\n")
    #expect(
      commit.author == .init(name: "Ada Löve", email: "ada@example.com", seconds: 1_700_000_000, offsetMinutes: 330))
    #expect(commit.committer.offsetMinutes == -480)
    #expect(commit.parents.isEmpty)
  }

  @Test("with a damaged parent are none, so that no walk ends there", arguments: 0..<4)
  func damagedParent(number: Int) throws {
    let world = try TemporaryRepository()
    var parents = Array(repeating: "parent \(Self.tree)\n", count: 3)
    parents[number % 3] = "parent \(Self.tree.dropLast())" + (number < 3 ? "x\n" : "A\n")
    let signature = "Ada <a@b.c> 1700000000 +0100\n"
    let id = try world.git(
      "hash-object", "-t", "commit", "-w", "--literally", "--stdin",
      input: "tree \(Self.tree)\n\(parents.joined())author \(signature)committer \(signature)\nTurn it on\n")
    let repository = try Repository(discovering: world.folder)
    #expect(throws: GitError.self) { try repository.header(ofCommit: #require(ObjectID(hexadecimal: id))) }
  }

  private static func outcome(_ read: () throws(GitError) -> Commit) -> Result<Commit, GitError> {
    do {
      return .success(try read())
    } catch {
      return .failure(error)
    }
  }

  // MARK: Odd commits

  /// A commit of a few odd pieces, and sometimes with a byte changed, put in or left out.
  private static func commit(_ random: inout SplitMix64) -> [UInt8] {
    func usually(_ usual: String, _ odd: [String]) -> String { random.chance(93) ? usual : random.pick(odd) }
    func signature(_ word: String) -> String {
      let name = usually("Ada Lovelace", ["", "Ada", " Ada ", "A. L.", "\"Ada\"", "a<b>", "Zoë", ".", "a\u{0}b", "\t"])
      let address = usually("a@b.c", ["", "a", " a@b ", "a>b", "<a@b", "ü@ö", "a\u{0}b", ",a,"])
      let gap = usually(" ", ["", "  "])
      let time = usually(
        " 1700000000 +0100",
        [
          "", " ", " 0 +0000", " 5 -0130", " 5", " 5 ", " -5 +0100", " +5 +0100", " x +0100", " 5 0100", " 5 +01",
          " 5 +9900", " 5 +0160", " 5 +1400", " 5 +01000", " 5 +0100 ", "  5 +0100", " 5  +0100",
          " 99999999999999999999 +0000", " 9223372036854775807 +0000", " 5 +-100",
        ])
      return "\(word) \(name)\(gap)<\(address)>\(time)\n"
    }
    var text = usually(
      "tree \(tree)\n", ["tree \(tree.dropLast())\n", "tree \(tree)", "", "tree \(tree.uppercased())\n"])
    for _ in 0..<random.below(3) { text += "parent \(tree)\n" }
    text += signature("author")
    if random.oneIn(12) { text += signature("author") }
    text += usually(signature("committer"), ["", signature("author"), "committer\n"])
    for _ in 0..<random.below(3) {
      text += random.pick([
        "encoding latin1\n", "gpgsig -----BEGIN\n \n x\n -----END\n", "x\n", " \n", "parent \(tree)\n",
      ])
    }
    text += usually("\n", ["", "\n\n", "x"])
    text += usually(
      "Turn it on\n",
      [
        "", "\n", "\n\n\nTurn it on", "Turn it on\n\nAs agreed.\n", "Turn\nit\non\n\nx", "  Turn \t it on \t\r\n",
        "a\n \nb", "a\r\n\r\nb", "a\u{0}b\n", " \n", "Zoë", "a\n\u{B}\n", "a\u{C}\nb", "\t\n\nx", "a\n\n\n",
      ])
    var bytes = Array(text.utf8)
    if random.oneIn(4), !bytes.isEmpty {
      let place = random.below(bytes.count)
      switch random.below(3) {
      case 0: bytes[place] = UInt8(random.below(256))
      case 1: bytes.insert(UInt8(random.below(256)), at: place)
      default: bytes.remove(at: place)
      }
    }
    return bytes
  }
}
