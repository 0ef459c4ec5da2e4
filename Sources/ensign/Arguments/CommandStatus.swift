/// What the process tells its caller.
///
/// The numbers are API: scripts and CI branch on them.
enum CommandStatus: Int32, CaseIterable, Sendable {
  /// Done, and nothing was wrong.
  case done = 0
  /// The input is at fault: findings, a failed test, a refused or invalid input.
  case findings = 1
  /// The command could not run: wrong usage, no flags tree, a file that cannot be read or written.
  case unusable = 2

  /// What the reference page says of the status.
  var meaning: String {
    switch self {
    case .done: "done, nothing wrong"
    case .findings: "findings of level error, a failed test, a refused or invalid input"
    case .unusable: "wrong usage or environment: no such option, no flags tree, a file that cannot be read or written"
    }
  }
}
