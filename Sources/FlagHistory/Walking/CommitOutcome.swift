/// What is known of a commit.
enum CommitOutcome: Sendable {
  /// It has the flags tree of a parent.
  case untouched
  /// It has another one, which means the same as that of a parent.
  case unchanged(isRemembered: Bool)
  /// It is one that is listed.
  case changed(CommitChanges, isRemembered: Bool)

  /// Whether the commit is listed.
  var isListed: Bool {
    if case .changed = self { true } else { false }
  }
}
