/// The operands of the commands that evaluate: a flag, and attributes of the context.
struct EvaluationOperands {
  /// Nil for all flags.
  let flag: String?
  /// `name=value`, as a flag's key cannot be.
  let attributes: [String]

  init(_ operands: [String]) throws(CommandError) {
    attributes = operands.filter { $0.contains("=") || $0.hasPrefix("{") || $0.hasPrefix("@") }
    let flags = operands.filter { !$0.contains("=") && !$0.hasPrefix("{") && !$0.hasPrefix("@") }
    if flags.count > 1 {
      throw .usage("'\(flags[0])' and '\(flags[1])': one flag at a time", help: "without a FLAG, all are evaluated")
    }
    flag = flags.first
  }
}
