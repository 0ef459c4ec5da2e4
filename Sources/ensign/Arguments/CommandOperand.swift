/// What a command takes besides options.
struct CommandOperand: Hashable, Sendable {
  /// How often the operand may stand.
  enum Count: Hashable, Sendable {
    case one
    case optional
    case any
  }

  /// In capitals, as in the usage line.
  let name: String
  let count: Count
  let completion: Option.Completion
  /// The words that are taken, when they are few.
  let words: [String]
  /// What it is: lower case, no full stop.
  let help: String

  init(
    _ name: String, _ count: Count = .one, completion: Option.Completion = .none, words: [String] = [], help: String
  ) {
    self.name = name
    self.count = count
    self.completion = completion
    self.words = words
    self.help = help
  }

  /// The operand in a usage line.
  var usage: String {
    switch count {
    case .one: name
    case .optional: "[\(name)]"
    case .any: "[\(name)…]"
    }
  }
}
