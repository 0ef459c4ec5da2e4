internal import FlagHistory
internal import Git

/// Another local branch that changes flags which this change changes, too.
struct BranchConflict: Hashable {
  let branch: String
  /// The keys, sorted.
  let flags: [String]

  /// The conflict in a sentence.
  var words: String {
    let names = flags.prefix(5).joined(separator: ", ") + (flags.count > 5 ? " and \(flags.count - 5) more" : "")
    return "branch \(branch) changes \(names), too"
  }

  /// The branches that have changes of some of the flags since they left the history of `head`.
  ///
  /// - Parameters:
  ///   - keys: the flags.
  ///   - own: branches whose newest commit is one of these are left out: the one at hand and its base.
  static func find(
    _ keys: Set<String>, head: ObjectID, besides own: Set<ObjectID>, _ explorer: TreeExplorer
  ) throws(GitError) -> [BranchConflict] {
    if keys.isEmpty { return [] }
    var conflicts: [BranchConflict] = []
    for branch in try explorer.repository.localBranches() {
      guard !own.contains(branch.commit) else { continue }
      let base: ObjectID
      do throws(GitError) {
        base = try explorer.repository.mergeBase(head, branch.commit)
      } catch {
        // A branch of its own, such as one for a web site.
        if error.code == .unrelatedHistories { continue }
        throw error
      }
      let changes = try ChangeFinder(explorer, within: HistoryScope()).changes(
        fromCommit: base, toCommit: branch.commit)
      let found = Set(changes.compactMap { if case .flag(let key) = $0.subject { key } else { nil } })
      let common = found.intersection(keys).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      if !common.isEmpty { conflicts.append(BranchConflict(branch: branch.name, flags: common)) }
    }
    return conflicts
  }
}
