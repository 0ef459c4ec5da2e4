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
    let old = try before.map { (id) throws(GitError) in try content(of: id, .tree) } ?? .empty
    let new = try after.map { (id) throws(GitError) in try content(of: id, .tree) } ?? .empty
    // Two versions of a folder differ in an entry or two as a rule. What stands before and behind those is the same in
    // bytes, which is faster to see than that each entry is.
    let start = old.endOfEntries(within: old.commonPrefix(with: new))
    let same = old.commonSuffix(with: new, limit: min(old.count, new.count) - start)
    let comparison = unsafe old.bytes(start..<old.count).withUnsafeBytes { old in
      unsafe new.bytes(start..<new.count).withUnsafeBytes { new in
        TreeBytes.differences(of: unsafe TreeBytes(old), unsafe TreeBytes(new), untilLast: same)
      }
    }
    switch comparison {
    case .differences(let differences): return differences
    case .damagedBefore: throw .damagedTree(before)
    case .damagedAfter: throw .damagedTree(after)
    }
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
  ///
  /// - Parameter same: how many bytes at the end are known to be the same.
  static func differences(
    of before: consuming TreeBytes, _ after: consuming TreeBytes, untilLast same: Int
  ) -> Comparison {
    var (before, after) = (before, after)
    var differences: [TreeDifference] = []
    while true {
      if before.rest == after.rest, after.rest <= same { return .differences(differences) }
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
