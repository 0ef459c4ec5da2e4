/// What a walk through the history needs of a commit, read without the rest.
public struct CommitHeader: Hashable, Sendable {
  /// The commit's own id.
  public var id: ObjectID
  /// The id of its tree.
  public var tree: ObjectID
  /// The ids of the commits before it: none for the first, several for a merge.
  public var parents: ShortList<ObjectID>
  /// When it was committed, in seconds since 1970-01-01T00:00:00Z; 0 where the commit does not say it properly, as Git
  /// takes it.
  public var seconds: Int64
}

extension Repository {
  /// The header of the commit with this id.
  public func header(ofCommit id: ObjectID) throws(GitError) -> CommitHeader {
    let header = try unsafe content(of: id, .commit).withBytes { unsafe HeaderBytes($0).header(of: id) }
    guard let header else {
      throw GitError(
        .corruptObject, "the commit \(id) is damaged: it lacks its tree or its author",
        help: "check the repository with git fsck")
    }
    return header
  }
}

/// Reads the first lines of a commit object.
@safe private struct HeaderBytes {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  /// The header, or nil when the bytes are no commit.
  consuming func header(of id: ObjectID) -> CommitHeader? {
    guard let tree = object("tree ") else { return nil }
    var parents: ShortList<ObjectID> = []
    while let parent = object("parent ") { parents.append(parent) }
    guard starts(with: "author ") else { return nil }
    return CommitHeader(id: id, tree: tree, parents: parents, seconds: committerSeconds())
  }

  private func starts(with word: StaticString) -> Bool {
    guard unsafe bytes.count - offset >= word.utf8CodeUnitCount else { return false }
    return (0..<word.utf8CodeUnitCount).allSatisfy { unsafe bytes[offset + $0] == word.utf8Start[$0] }
  }

  /// The id in a line that begins with `word`, which is skipped; nil when the next line is none.
  private mutating func object(_ word: StaticString) -> ObjectID? {
    let start = offset + word.utf8CodeUnitCount
    guard starts(with: word), unsafe start + 41 <= bytes.count, unsafe bytes[start + 40] == UInt8(ascii: "\n") else {
      return nil
    }
    offset = start + 41
    return unsafe ObjectID(hexadecimal: UnsafeRawBufferPointer(rebasing: bytes[start..<start + 40]))
  }

  /// The number behind the first `>` of the committer's line.
  private mutating func committerSeconds() -> Int64 {
    skip(past: UInt8(ascii: "\n"))
    guard starts(with: "committer") else { return 0 }
    skip(past: UInt8(ascii: ">"))
    while unsafe offset < bytes.count, unsafe bytes[offset] == UInt8(ascii: " ") { offset += 1 }
    var seconds: Int64 = 0
    while unsafe offset < bytes.count, case let digit = unsafe bytes[offset], (0x30...0x39).contains(digit) {
      let (tens, overflow) = seconds.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit - 0x30))
      guard !overflow, !carry else { return 0 }
      seconds = sum
      offset += 1
    }
    return seconds
  }

  private mutating func skip(past byte: UInt8) {
    while unsafe offset < bytes.count, unsafe bytes[offset] != byte { offset += 1 }
    offset += 1
  }
}
