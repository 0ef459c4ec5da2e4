internal import Glibc

/// One entry of a folder in a commit.
public struct TreeEntry: Hashable, Sendable {
  /// The kinds of entries.
  public enum Kind: String, Hashable, Sendable {
    /// A file.
    case blob
    /// A file that may be run.
    case executable
    /// A symbolic link; its blob is the path it leads to.
    case symlink
    /// A folder.
    case tree
    /// A commit of another repository.
    case submodule
  }

  /// The name without folders.
  ///
  /// Bytes that are not UTF-8 appear as U+FFFD.
  public var name: String
  /// What it is.
  public var kind: Kind
  /// The object: a blob, a tree or, of a submodule, a commit of the other repository.
  public var id: ObjectID
}

extension Repository {
  /// The entries of a folder in Git's order: by name in bytes, folders as if a slash followed their names.
  ///
  /// - Complexity: O(*n*) in the bytes of the tree; the folders below are not read.
  public func entries(ofTree id: ObjectID) throws(GitError) -> [TreeEntry] {
    let entries: [TreeEntry]? = try unsafe content(of: id, .tree).withBytes { bytes in
      var entries: [TreeEntry] = []
      var rest = unsafe TreeBytes(bytes)
      while !rest.isAtEnd {
        guard let entry = rest.next() else { return nil }
        entries.append(entry)
      }
      return entries
    }
    guard let entries else { throw .damagedTree(id) }
    return entries
  }

  /// The entry at a path below the folder `tree`, or nil when there is none.
  ///
  /// - Parameter path: names separated by slashes; one at its end or start does not matter. The empty path is the
  ///   folder itself, with an empty name.
  public func entry(at path: String, inTree tree: ObjectID) throws(GitError) -> TreeEntry? {
    var found = TreeEntry(name: "", kind: .tree, id: tree)
    for name in path.split(separator: "/") {
      guard found.kind == .tree, let next = try entry(named: String(name), inTree: found.id) else { return nil }
      found = next
    }
    return found
  }

  private func entry(named name: String, inTree tree: ObjectID) throws(GitError) -> TreeEntry? {
    let name = Array(name.utf8)
    let found: TreeEntry?? = try unsafe content(of: tree, .tree).withBytes { bytes in
      var rest = unsafe TreeBytes(bytes)
      while !rest.isAtEnd {
        guard let raw = unsafe rest.peek() else { return .none }
        if unsafe raw.name.elementsEqual(name) { return rest.next().map { .some($0) } }
        unsafe rest.skip(raw)
      }
      return .some(nil)
    }
    guard let found else { throw .damagedTree(tree) }
    return found
  }
}

extension GitError {
  /// A tree object that cannot be understood.
  static func damagedTree(_ id: ObjectID?) -> GitError {
    GitError(
      .corruptObject, "the tree \(id.map(\.description) ?? "") is damaged", help: "check the repository with git fsck")
  }
}

/// Reads the bytes of a tree object: for each entry the mode in octal, a space, the name, a NUL, the id.
@safe struct TreeBytes {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  var isAtEnd: Bool { unsafe offset == bytes.count }

  /// How many bytes there are from here to the end.
  var rest: Int { unsafe bytes.count - offset }

  /// The parts of an entry, not taken apart: the mode, a space, the name, a NUL, the id.
  @unsafe struct Raw {
    /// Where the entry begins.
    var start: UnsafePointer<UInt8>
    /// How many digits the mode has.
    var modeCount: Int
    /// How many bytes the name has.
    var nameCount: Int
  }

  /// The next entry, nil when the bytes are no tree; not to be asked for at the end.
  func peek() -> Raw? {
    guard let base = unsafe bytes.baseAddress, !isAtEnd else { return nil }
    let start = unsafe (base + offset).assumingMemoryBound(to: UInt8.self)
    // A mode has five or six digits as a rule.
    var space = 5
    if unsafe rest < 27 || start[5] != UInt8(ascii: " ") {
      space = unsafe rest >= 28 && start[6] == UInt8(ascii: " ") ? 6 : 0
      while space < rest, unsafe start[space] != UInt8(ascii: " ") { space += 1 }
    }
    let limit = rest - space - 22
    guard limit >= 0 else { return nil }
    let name = unsafe start + space + 1
    guard let length = unsafe distanceToNUL(name, limit: limit + 1), length > 0 else { return nil }
    return unsafe Raw(start: start, modeCount: space, nameCount: length)
  }

  /// Goes on behind what ``peek()`` gave.
  mutating func skip(_ raw: Raw) { offset += unsafe raw.count }

  /// The next entry, or nil when the bytes are no tree.
  mutating func next() -> TreeEntry? {
    guard !isAtEnd, let raw = unsafe peek() else { return nil }
    unsafe skip(raw)
    return unsafe raw.entry
  }
}

extension TreeBytes.Raw {
  /// The digits of the mode.
  private var mode: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: start, count: modeCount) }

  /// The name without folders.
  var name: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(start: start + modeCount + 1, count: nameCount)
  }

  /// How many bytes the entry has.
  var count: Int { unsafe modeCount + nameCount + 22 }

  /// The entry, or nil when it has a mode that nobody knows.
  var entry: TreeEntry? {
    guard let kind = unsafe kind else { return nil }
    return unsafe TreeEntry(name: String(decoding: name, as: UTF8.self), kind: kind, id: id)
  }

  /// What it is; nil when it has a mode that nobody knows.
  var kind: TreeEntry.Kind? { unsafe TreeEntry.Kind(mode: mode) }

  /// The object.
  var id: ObjectID { unsafe ObjectID(reading: UnsafeRawBufferPointer(start: start + count - 20, count: 20)) }

  /// Whether it is a folder.
  var isFolder: Bool { unsafe start[0] == UInt8(ascii: "4") }

  /// Whether it has this name.
  func isNamed(_ other: [UInt8]) -> Bool {
    unsafe other.withUnsafeBytes { unsafe isNamed($0) }
  }

  /// Whether it has this name.
  func isNamed(_ other: UnsafeRawBufferPointer) -> Bool {
    guard unsafe nameCount == other.count, let bytes = other.baseAddress else { return false }
    return unsafe memcmp(start + modeCount + 1, bytes, nameCount) == 0
  }

  /// Less than zero when the first one comes before the second in Git's order, zero when they have one name and are both
  /// folders or both none.
  static func order(_ left: Self, _ right: Self) -> Int {
    let common = unsafe min(left.nameCount, right.nameCount)
    let order = unsafe memcmp(left.start + left.modeCount + 1, right.start + right.modeCount + 1, common)
    if order != 0 { return Int(order) }
    return unsafe Int(left.byte(after: common)) - Int(right.byte(after: common))
  }

  /// Whether two entries are the same, mode and object.
  static func areEqual(_ left: Self, _ right: Self) -> Bool {
    unsafe left.count == right.count && memcmp(left.start, right.start, left.count) == 0
  }

  /// What stands at a place of the name, as Git sorts it: behind the name of a folder, a slash.
  private func byte(after count: Int) -> UInt8 {
    if unsafe count < nameCount { return unsafe start[modeCount + 1 + count] }
    return unsafe isFolder ? UInt8(ascii: "/") : 0
  }
}

extension TreeEntry.Kind {
  /// The kind that a mode in octal digits stands for; nil when nobody knows it.
  fileprivate init?(mode: UnsafeRawBufferPointer) {
    guard mode.count <= 7, let start = mode.baseAddress else { return nil }
    // Most entries are files.
    if mode.count == 6, unsafe memcmp(start, "100644", 6) == 0 {
      self = .blob
      return
    }
    var number = 0
    for index in 0..<mode.count {
      let digit = unsafe mode[index]
      guard (0x30...0x37).contains(digit), number > 0 || digit > 0x30 else { return nil }
      number = number << 3 | Int(digit - 0x30)
    }
    switch number {
    case 0o40000: self = .tree
    case 0o100755: self = .executable
    // Some old versions of Git wrote further permissions of a file.
    case 0o100644, 0o100664: self = .blob
    case 0o120000: self = .symlink
    case 0o160000: self = .submodule
    default: return nil
    }
  }
}

/// How many bytes before the first NUL there are; nil when there is none among the first `limit`.
///
/// Names are so short that calling `memchr` takes longer than looking.
func distanceToNUL(_ start: UnsafePointer<UInt8>, limit: Int) -> Int? {
  var length = 0
  while length + 8 <= limit {
    let word = unsafe UInt64(littleEndian: UnsafeRawPointer(start + length).loadUnaligned(as: UInt64.self))
    // The highest bit of each byte that is 0, and of none below the first of those.
    let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    if zeros != 0 { return length + zeros.trailingZeroBitCount / 8 }
    length += 8
  }
  while length < limit {
    if unsafe start[length] == 0 { return length }
    length += 1
  }
  return nil
}
