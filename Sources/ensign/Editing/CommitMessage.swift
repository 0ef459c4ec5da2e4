internal import FlagHistory

/// The message of a commit that an edit makes.
enum CommitMessage {
  /// The change in one line, then what machines read: the flag, the environment, the reason.
  static func text(for plan: EditPlan, reason: String?) -> String {
    var trailers: [String] = []
    switch plan.subject {
    case .flag(let key): trailers.append("Flag: \(key)")
    case .segment(let key): trailers.append("Segment: \(key)")
    case .project: break
    }
    if let environment = plan.environment { trailers.append("Environment: \(environment)") }
    if let reason { trailers.append("Reason: \(onOneLine(reason))") }
    return plan.headline + "\n\n" + trailers.joined(separator: "\n") + "\n"
  }

  /// A trailer is a line: breaks in it become spaces.
  private static func onOneLine(_ text: String) -> String {
    text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
  }
}
