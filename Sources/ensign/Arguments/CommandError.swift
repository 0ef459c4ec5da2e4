internal import FlagSource

/// Why a command ended early, in words for the person who typed it.
struct CommandError: Error, Hashable, Sendable {
  let status: CommandStatus
  /// What is wrong, without a full stop.
  let message: String
  /// What to do about it, a line each.
  let help: [String]

  /// The command line itself is wrong.
  static func usage(_ message: String, help: String...) -> Self {
    Self(status: .unusable, message: message, help: help)
  }

  /// Something around the command is wrong: a folder, a file, a repository.
  static func environment(_ message: String, help: String...) -> Self {
    Self(status: .unusable, message: message, help: help)
  }

  /// An input was read and refused.
  static func refused(_ message: String, help: String...) -> Self {
    Self(status: .findings, message: message, help: help)
  }

  /// `message` with `did you mean …?` when one of the known names is near, else with all of them when they are few.
  static func unknown(_ what: String, _ name: String, among known: [String], status: CommandStatus = .unusable) -> Self
  {
    let help: [String]
    if let nearest = NearestName.find(name, among: known) {
      help = ["did you mean '\(nearest)'?"]
    } else if known.isEmpty || known.count > 20 {
      help = []
    } else {
      help = ["known: " + known.joined(separator: ", ")]
    }
    return Self(status: status, message: "unknown \(what) '\(name)'", help: help)
  }
}
