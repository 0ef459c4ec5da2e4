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
    var differences: [TreeDifference] = []
    try unsafe visitDifferences(of: before, after) { old, new in
      let (old, new) = unsafe (old.map { unsafe $0.entry }, new.map { unsafe $0.entry })
      // An entry of a mode that nobody knows.
      if old == .some(nil) || new == .some(nil) { return false }
      let (left, right) = (old ?? nil, new ?? nil)
      guard let name = (right ?? left)?.name else { return false }
      differences.append(TreeDifference(name: name, before: left, after: right))
      return true
    }
    return differences
  }

  /// Calls `visit` with the entries that two different folders do not have in common, as in ``differences(of:_:)``.
  ///
  /// - Parameter visit: gets entries that are valid only there, and returns whether they can be understood.
  func visitDifferences(
    of before: ObjectID?, _ after: ObjectID?, _ visit: (TreeBytes.Raw?, TreeBytes.Raw?) -> Bool
  ) throws(GitError) {
    let old = try content(ofTree: before)
    let new = try content(ofTree: after)
    // Two versions of a folder differ in an entry or two as a rule. What stands before and behind those is the same in
    // bytes, which is faster to see than that each entry is.
    let prefix = old.commonPrefix(with: new)
    let start = old.endOfEntries(within: prefix, inCommonWith: new)
    let same = old.commonSuffix(with: new, limit: min(old.count, new.count) - start)
    old.shareEntries(with: new, prefix: prefix, suffix: same)
    // So what lies between is looked at, up to the end of the entry in which it ends; should the two not go on alike
    // from there, all is.
    let end = new.firstNUL(from: new.count - same).map { min($0 + 21, new.count) } ?? new.count
    let rest = new.count - end
    var (oldOffset, newOffset) = (start, start)
    for rest in rest > 0 ? [rest, 0] : [0] {
      let isWhole = unsafe old.withBytes(in: oldOffset..<old.count - rest) { oldBytes in
        unsafe new.withBytes(in: newOffset..<new.count - rest) { newBytes in
          var (left, right) = unsafe (TreeBytes(oldBytes), TreeBytes(newBytes))
          let isWhole = unsafe TreeBytes.visitDifferences(of: &left, &right, untilLast: same - rest, visit)
          oldOffset = old.count - rest - left.rest
          newOffset = new.count - rest - right.rest
          return isWhole
        }
      }
      if isWhole { return }
    }
    throw .damagedTree(isDamaged(old) ? before : after)
  }

  /// Whether a tree has an entry that cannot be understood.
  private func isDamaged(_ tree: ObjectContent) -> Bool {
    unsafe tree.withBytes { bytes in
      var rest = unsafe TreeBytes(bytes)
      while !rest.isAtEnd { if rest.next() == nil { return true } }
      return false
    }
  }

  /// The content of a tree; nothing when there is none.
  private func content(ofTree id: ObjectID?) throws(GitError) -> ObjectContent {
    guard let id else { return unsafe ObjectContent(copying: UnsafeRawBufferPointer(start: nil, count: 0)) }
    return try content(of: id, .tree)
  }
}

extension TreeBytes {
  /// Walks through two trees side by side; equal entries are skipped without being taken apart.
  ///
  /// - Parameters:
  ///   - same: how many bytes at the end are known to be the same.
  ///   - visit: gets an entry of each tree, or of one when the other has none of this name.
  /// - Returns: False when a tree is damaged; both are at what could not be read then.
  static func visitDifferences(
    of before: inout TreeBytes, _ after: inout TreeBytes, untilLast same: Int, _ visit: (Raw?, Raw?) -> Bool
  ) -> Bool {
    while before.rest != after.rest || after.rest > same {
      let (left, right) = unsafe (before.peek(), after.peek())
      switch unsafe (left, right) {
      case (.some(let left), .some(let right)):
        let order = unsafe Raw.order(left, right)
        let isSame = order == 0 ? unsafe Raw.areEqual(left, right) : false
        if !isSame, unsafe !visit(order <= 0 ? left : nil, order >= 0 ? right : nil) { return false }
        if order <= 0 { unsafe before.skip(left) }
        if order >= 0 { unsafe after.skip(right) }
      case (.some(let left), nil) where after.isAtEnd:
        if unsafe !visit(left, nil) { return false }
        unsafe before.skip(left)
      case (nil, .some(let right)) where before.isAtEnd:
        if unsafe !visit(nil, right) { return false }
        unsafe after.skip(right)
      default: return false
      }
    }
    return true
  }
}
