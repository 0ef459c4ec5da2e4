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

  /// The parts of an entry, not taken apart.
  @unsafe struct Raw {
    var mode: Slice<UnsafeRawBufferPointer>
    var name: Slice<UnsafeRawBufferPointer>
    /// Mode, name and id with what stands between them.
    var whole: Slice<UnsafeRawBufferPointer>
  }

  /// The next entry; empty at the end, nil when the bytes are no tree.
  func peek() -> Raw? {
    if isAtEnd { return unsafe Raw(mode: bytes[offset...], name: bytes[offset...], whole: bytes[offset...]) }
    var space = offset
    while unsafe space < bytes.count, unsafe bytes[space] != UInt8(ascii: " ") { space += 1 }
    guard unsafe space < bytes.count, let start = unsafe bytes.baseAddress else { return nil }
    let length = unsafe strnlen((start + space + 1).assumingMemoryBound(to: CChar.self), bytes.count - space - 1)
    let end = space + 1 + length
    guard length > 0, unsafe bytes.count - end >= 21 else { return nil }
    return unsafe Raw(mode: bytes[offset..<space], name: bytes[space + 1..<end], whole: bytes[offset..<end + 21])
  }

  /// Goes on behind what ``peek()`` gave.
  mutating func skip(_ raw: Raw) { unsafe offset = raw.whole.endIndex }

  /// The next entry, or nil when the bytes are no tree.
  mutating func next() -> TreeEntry? {
    guard !isAtEnd, let raw = unsafe peek() else { return nil }
    unsafe skip(raw)
    return unsafe raw.entry
  }
}

extension TreeBytes.Raw {
  /// The entry, or nil when it has a mode that nobody knows.
  var entry: TreeEntry? {
    guard let kind = unsafe kind else { return nil }
    return unsafe TreeEntry(name: String(decoding: name, as: UTF8.self), kind: kind, id: id)
  }

  /// What it is; nil when it has a mode that nobody knows.
  var kind: TreeEntry.Kind? { unsafe TreeEntry.Kind(mode: mode) }

  /// The object.
  var id: ObjectID { unsafe ObjectID(reading: UnsafeRawBufferPointer(rebasing: whole.suffix(20))) }

  /// Whether it is a folder.
  var isFolder: Bool { unsafe mode.first == UInt8(ascii: "4") }

  /// Whether it has this name.
  func isNamed(_ other: [UInt8]) -> Bool { unsafe name.elementsEqual(other) }

  /// Less than zero when the first one comes before the second in Git's order, zero when they have one name and are both
  /// folders or both none.
  static func order(_ left: Self, _ right: Self) -> Int {
    let common = unsafe min(left.name.count, right.name.count)
    let order = unsafe compare(left.name, right.name, common)
    if order != 0 { return Int(order) }
    return unsafe Int(left.byte(after: common)) - Int(right.byte(after: common))
  }

  /// Whether two entries are the same, mode and object.
  static func areEqual(_ left: Self, _ right: Self) -> Bool {
    guard unsafe left.whole.count == right.whole.count else { return false }
    return unsafe compare(left.whole, right.whole, left.whole.count) == 0
  }

  /// Compares the first `count` bytes of two slices that have so many.
  private static func compare(
    _ left: Slice<UnsafeRawBufferPointer>, _ right: Slice<UnsafeRawBufferPointer>, _ count: Int
  ) -> Int32 {
    guard let left = unsafe UnsafeRawBufferPointer(rebasing: left).baseAddress,
      let right = unsafe UnsafeRawBufferPointer(rebasing: right).baseAddress
    else { return 0 }
    return unsafe memcmp(left, right, count)
  }

  /// What stands at a place of the name, as Git sorts it: behind the name of a folder, a slash.
  private func byte(after count: Int) -> UInt8 {
    if unsafe count < name.count { return unsafe name[name.startIndex + count] }
    return unsafe isFolder ? UInt8(ascii: "/") : 0
  }
}

extension TreeEntry.Kind {
  /// The kind that a mode in octal digits stands for; nil when nobody knows it.
  fileprivate init?(mode: Slice<UnsafeRawBufferPointer>) {
    var number = 0
    var digits = unsafe mode.prefix(7)
    while let digit = unsafe digits.popFirst() {
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
