internal import Glibc

/// An entry that two folders do not have in common.
public struct TreeDifference: Hashable, Sendable {
  /// The name without folders.
  public var name: String
  /// The entry of the first folder; nil when only the second one has it.
  public var before: TreeEntry?
  /// The entry of the second folder; nil when only the first one has it.
  public var after: TreeEntry?
}

extension Repository {
  /// The entries that two folders do not have in common, in Git's order; what lies below folders is not looked at.
  ///
  /// An entry that is a folder on one side and a file on the other is two differences.
  ///
  /// - Parameters:
  ///   - before: a tree; nil is an empty folder.
  ///   - after: another tree; nil is an empty folder.
  /// - Complexity: O(*n*) in the bytes of the trees.
  public func differences(of before: ObjectID?, _ after: ObjectID?) throws(GitError) -> [TreeDifference] {
    if before == after { return [] }
    let nested = try withTree(before) { before in
      Result { () throws(GitError) in
        try withTree(after) { after in TreeBytes.differences(of: before, after) }
      }
    }
    switch try nested.get() {
    case .differences(let differences): return differences
    case .damagedBefore: throw .damagedTree(before)
    case .damagedAfter: throw .damagedTree(after)
    }
  }

  private func withTree<Result>(
    _ id: ObjectID?, _ body: (consuming TreeBytes) -> Result
  ) throws(GitError) -> Result {
    guard let id else { return body(unsafe TreeBytes(UnsafeRawBufferPointer(start: nil, count: 0))) }
    return try unsafe withObject(id, .tree, limit: .max) { bytes in body(unsafe TreeBytes(bytes)) }
  }
}

extension TreeBytes {
  /// What comparing two trees gives.
  enum Comparison {
    case differences([TreeDifference])
    case damagedBefore
    case damagedAfter
  }

  /// Walks through two trees side by side; equal entries are skipped without being taken apart.
  static func differences(of before: consuming TreeBytes, _ after: consuming TreeBytes) -> Comparison {
    var (before, after) = (before, after)
    var differences: [TreeDifference] = []
    // Two versions of a folder differ in an entry or two as a rule; what stands before and after those is the same in
    // bytes, which is faster to see than that each entry is.
    let start = before.commonPrefix(with: after)
    before.skipEntries(within: start)
    after.skipEntries(within: start)
    let end = before.commonSuffix(with: after)
    while true {
      if before.rest == after.rest, after.rest <= end { return .differences(differences) }
      guard let left = unsafe before.peek() else { return .damagedBefore }
      guard let right = unsafe after.peek() else { return .damagedAfter }
      let order = before.isAtEnd ? 1 : after.isAtEnd ? -1 : unsafe Raw.order(left, right)
      if order < 0 {
        guard let entry = before.next() else { return .damagedBefore }
        differences.append(TreeDifference(name: entry.name, before: entry, after: nil))
      } else if order > 0 {
        guard let entry = after.next() else { return .damagedAfter }
        differences.append(TreeDifference(name: entry.name, before: nil, after: entry))
      } else if unsafe Raw.areEqual(left, right) {
        unsafe before.skip(left)
        unsafe after.skip(right)
      } else {
        guard let old = before.next() else { return .damagedBefore }
        guard let new = after.next() else { return .damagedAfter }
        differences.append(TreeDifference(name: new.name, before: old, after: new))
      }
    }
  }
}
