internal import Ensign
internal import FlagHistory
internal import FlagReview
internal import Git

/// For how long flags have been what they are.
struct UnchangedFlags {
  private let changed: Set<Place>

  private struct Place: Hashable {
    let flag: String
    let environment: String
  }

  /// Compares with the commit of some days ago; nil without a repository, and where its history does not go back so far.
  ///
  /// Who only wants to know that a flag is old has no use for an error about it.
  init?(_ request: ReviewRequest, in session: Session) {
    do throws(CommandError) {
      let found = try FoundRepository(in: session)
      let head = try found.resolve(request.revision ?? "HEAD")
      let seconds = request.moment.milliseconds / 1000 - Int64(AnalysisFindings.constantDays) * 86_400
      let old = try found.withRepository { (repository) throws(GitError) in
        try repository.newest(from: head, notLaterThan: seconds)
      }
      guard let old else { return nil }
      let explorer = found.explorer()
      let changes: [SemanticChange]
      do throws(GitError) {
        changes = try ChangeFinder(explorer, within: HistoryScope()).changes(fromCommit: old, toCommit: head)
      } catch {
        return nil
      }
      changed = Set(
        changes.compactMap { change in
          guard case .flag(let flag) = change.subject, let environment = change.environment else { return nil }
          return Place(flag: flag, environment: environment)
        })
    } catch {
      return nil
    }
  }

  /// For how many days a flag has been the same, at least; nil when it was changed since.
  func days(of flag: String, in environment: String) -> Int? {
    changed.contains(Place(flag: flag, environment: environment)) ? nil : AnalysisFindings.constantDays
  }
}
