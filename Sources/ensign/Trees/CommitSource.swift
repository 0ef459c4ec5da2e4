internal import FlagHistory
internal import FlagSource
internal import Git

/// The flags tree of a commit, read without a checkout.
struct CommitSource {
  let location: TreeLocation
  let files: CommitFiles
  /// The commit's id, in full.
  let commit: String

  /// Finds the repository, the commit, and the tree in it.
  init(_ revision: String, in session: Session) throws(CommandError) {
    let found = try FoundRepository(in: session)
    try self.init(found.resolve(revision), of: found)
    session.detail("\(revision) is the commit \(commit) of \(found.top)")
  }

  /// The tree of a commit that is known.
  init(_ id: ObjectID, of found: borrowing FoundRepository) throws(CommandError) {
    do throws(FileAccessError) {
      files = try CommitFiles(of: id, folder: found.folder, in: found.repository)
    } catch {
      throw .environment(error.message, help: "--flags names the folder from the top of the repository, \(found.top)")
    }
    location = found.location
    commit = id.description
  }
}
