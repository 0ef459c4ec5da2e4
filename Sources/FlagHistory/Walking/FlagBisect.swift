package import Ensign
package import Git

/// The commit of a branch that last changed what one context gets from a flag.
///
/// An answer may change any number of times, so halving the way between two commits could find any of the changes. The
/// branch is followed back from its newest commit instead, as ``FlagTimeline`` does.
package struct FlagBisect {
  /// The commit from which on the answer is given that the newest commit gives.
  package var commit: Commit
  /// The answer since then.
  package var answer: FlagTimeline.Answer
  /// The answer of the commit before; nil when the answer has never been another one.
  package var earlier: FlagTimeline.Answer?
  /// How often the answer changed after the oldest commit; nil when none was given, so that nobody counted.
  package var changes: Int?
  /// Whether the history is cut off at ``commit`` (a shallow clone), so that the answer may be older.
  package var isCutOff: Bool

  /// Why there is no result.
  package enum Failure: Error {
    case git(GitError)
    /// The oldest commit is none of the branch.
    case notOnBranch
  }

  /// Follows a branch from the commit `newest` back to its first commit or `oldest`.
  ///
  /// - Parameter oldest: the commit whose answer is the first one; on the branch of first parents.
  package init(
    of flag: String, in environment: String, for context: Context, from oldest: ObjectID?, to newest: ObjectID,
    _ explorer: TreeExplorer
  ) throws(Failure) {
    var entries: [FlagTimeline.Entry] = []
    var count = 0
    let hasMetOldest: Bool
    do throws(GitError) {
      var timeline = try FlagTimeline(of: flag, in: environment, for: context, from: newest, to: oldest, explorer)
      // Without an oldest commit nothing is counted: the rest of the history does not matter.
      while oldest != nil || count < 2, let entry = try timeline.nextEntry() {
        if count < 2 { entries.append(entry) }
        count += 1
      }
      hasMetOldest = timeline.hasMetOldest
    } catch {
      throw .git(error)
    }
    if oldest != nil, !hasMetOldest { throw .notOnBranch }
    // A timeline has an entry at least: the newest commit's.
    let last = entries[0]
    (commit, answer, isCutOff) = (last.commit, last.answer, last.isCutOff)
    earlier = entries.count > 1 ? entries[1].answer : nil
    changes = oldest == nil ? nil : count - 1
  }

  /// The commit with what it changed; nil when the answer has never been another one.
  package func entry(within scope: HistoryScope, _ explorer: TreeExplorer) throws(Failure) -> CommitChanges? {
    if earlier == nil { return nil }
    do throws(GitError) {
      return try CommitChanges(of: commit.id, explorer, within: scope)
    } catch {
      throw .git(error)
    }
  }
}
