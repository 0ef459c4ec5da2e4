internal import FlagHistory
internal import Git

/// What an edit came to.
struct EditResult {
  let plan: EditPlan
  let changes: [SemanticChange]
  /// The files, with paths as reports show them.
  let files: [EditedFile]
  /// What stands before the paths of the files.
  let prefix: String
  /// The commit that was made; nil when there is none.
  var commit: EditCommit?

  /// Whether anything changes.
  var isChange: Bool { !files.isEmpty }
}

/// A commit that an edit made.
struct EditCommit {
  let id: ObjectID
  /// The full name of the branch.
  let branch: String

  /// The branch by the name that people use.
  var shortBranch: String {
    branch.hasPrefix("refs/heads/") ? String(branch.dropFirst("refs/heads/".count)) : branch
  }
}
