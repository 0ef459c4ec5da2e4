/// A folder of a commit whose entries are found by their names, and taken apart only then.
public final class TreeIndex: Sendable {
  private let content: ObjectContent
  /// Where every eighth entry begins: a search by halves ends in front of eight entries, which are then looked at.
  private let samples: [Int32]
  /// Whether the entries stand in Git's order; a tree that other tools have written may not be sorted.
  private let isSorted: Bool
  /// How many entries there are.
  public let count: Int
  /// The entries that are folders, in Git's order.
  public let folders: [TreeEntry]

  /// A name to look for in many folders.
  public struct Name: Sendable {
    fileprivate let bytes: [UInt8]

    /// A name without folders.
    public init(_ name: String) { bytes = Array(name.utf8) }
  }

  /// Nil when the bytes are no tree.
  fileprivate init?(_ tree: ObjectContent) {
    // In one place, so that entries can be found by where they begin.
    content = tree.partCount == 1 ? tree : unsafe tree.withBytes { unsafe ObjectContent(copying: $0) }
    guard let scanned = unsafe content.withBytes({ unsafe Scan($0) }) else { return nil }
    (samples, isSorted, count, folders) = (scanned.samples, scanned.isSorted, scanned.count, scanned.folders)
  }

  /// What one look at all entries finds out.
  private struct Scan {
    var samples: [Int32] = []
    var isSorted = true
    var count = 0
    var folders: [TreeEntry] = []

    /// Nil when the bytes are no tree.
    init?(_ bytes: UnsafeRawBufferPointer) {
      guard Int32(exactly: bytes.count) != nil else { return nil }
      // An entry has 27 bytes at least, most have twice as many.
      samples.reserveCapacity(bytes.count / 400 + 1)
      var tree = unsafe TreeBytes(bytes)
      var previous: TreeBytes.Raw?
      while !tree.isAtEnd {
        guard let raw = unsafe tree.peek(), let kind = unsafe raw.kind else { return nil }
        if count.isMultiple(of: TreeIndex.step) { samples.append(Int32(truncatingIfNeeded: bytes.count - tree.rest)) }
        if let previous = unsafe previous, unsafe TreeBytes.Raw.order(previous, raw) >= 0 { isSorted = false }
        if kind == .tree, let entry = unsafe raw.entry { folders.append(entry) }
        unsafe previous = raw
        unsafe tree.skip(raw)
        count += 1
      }
    }
  }

  private static let step = 8

  /// The entry with a name; nil when there is none.
  public func entry(named name: Name) -> TreeEntry? {
    unsafe content.withBytes { bytes in
      unsafe name.bytes.withUnsafeBytes { wanted in
        guard isSorted else { return unsafe first(named: wanted, of: count, in: TreeBytes(bytes)) }
        if let file = unsafe entry(named: wanted, isFolder: false, in: bytes) { return file }
        return folders.isEmpty ? nil : unsafe entry(named: wanted, isFolder: true, in: bytes)
      }
    }
  }

  /// Searches by halves for the place where Git has a file of that name, or a folder.
  private func entry(
    named name: UnsafeRawBufferPointer, isFolder: Bool, in bytes: UnsafeRawBufferPointer
  ) -> TreeEntry? {
    var (low, high) = (0, samples.count)
    while low < high {
      let middle = (low + high) / 2
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[Int(samples[middle])...])
      guard let raw = unsafe TreeBytes(rest).peek() else { return nil }
      if unsafe raw.order(to: name, isFolder: isFolder) <= 0 { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[Int(samples[low - 1])...])
    return unsafe first(named: name, of: Self.step, in: TreeBytes(rest))
  }

  /// The first of the next entries that has a name.
  private func first(named name: UnsafeRawBufferPointer, of count: Int, in tree: TreeBytes) -> TreeEntry? {
    var tree = tree
    for _ in 0..<count {
      guard !tree.isAtEnd, let raw = unsafe tree.peek() else { return nil }
      if unsafe raw.isNamed(name) { return unsafe raw.entry }
      unsafe tree.skip(raw)
    }
    return nil
  }

  /// All entries, in Git's order.
  public var entries: [TreeEntry] {
    unsafe content.withBytes { bytes in
      var entries: [TreeEntry] = []
      var rest = unsafe TreeBytes(bytes)
      while let entry = rest.next() { entries.append(entry) }
      return entries
    }
  }
}

extension Repository {
  /// The folder with this id, to look for several names.
  ///
  /// - Complexity: O(*n*) in the bytes of the tree; the folders below are not read.
  public func index(ofTree id: ObjectID) throws(GitError) -> TreeIndex {
    guard let index = TreeIndex(try content(of: id, .tree)) else { throw .damagedTree(id) }
    return index
  }
}
