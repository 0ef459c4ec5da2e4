internal import FlagEditor
internal import FlagHistory
internal import FlagSource

/// What a command wants to do to a flags tree, before anything is done.
struct EditPlan {
  /// The flag or the segment that it is about.
  var subject: SemanticChange.Subject
  /// The environment that it is about; nil for all of them.
  var environment: String?
  /// What happens to files; none when there is nothing to do.
  var edits: [FileEdit]
  /// The change in one line, as the subject of a commit: `Disable checkout-v2 in production`.
  var headline: String
  /// What is said when the tree is like that already.
  var unchanged: String
  /// What else the person should know about the change, a line each.
  var notes: [String] = []
}

/// One file of a tree before and after an edit.
struct EditedFile {
  /// Relative to the tree's root.
  let path: String
  /// Nil for a new file.
  let before: [UInt8]?
  /// Nil for one that goes.
  let after: [UInt8]?
  /// What makes the one from the other, for the same file with other line ends.
  let change: FileEdit.Change
}

/// Makes a plan for the tree at hand, whose files can be read again.
typealias Planner = (FlagsTree, TreeReading) throws(CommandError) -> EditPlan
