/// Commands by their names, each of which is made when somebody asks for it.
///
/// A command line needs one of them: making all takes a thirtieth of a short command.
struct CommandIndex: Sendable {
  /// A command with the name that it says itself.
  struct Entry: Sendable {
    let name: String
    let command: @Sendable () -> Command

    init(_ name: String, _ command: @escaping @Sendable () -> Command) {
      self.name = name
      self.command = command
    }
  }

  private let entries: [Entry]

  /// - Parameter entries: in the order of the help.
  init(_ entries: [Entry]) { self.entries = entries }

  /// Every command, in the order of the help.
  var all: [Command] { entries.map { $0.command() } }

  /// The names, in the order of the help.
  var names: [String] { entries.map(\.name) }

  /// The command with a name; nil when there is none.
  func command(named name: String) -> Command? { entries.first { $0.name == name }?.command() }

  /// The second words of the commands that begin with this one.
  func words(after family: String) -> [String] {
    names.filter { $0.hasPrefix(family + " ") }.map { String($0.dropFirst(family.count + 1)) }
  }
}
