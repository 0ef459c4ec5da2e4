internal import Ensign

/// `ensign explain FLAG`.
struct ExplainCommand: CommandBody, EvaluatingBody {
  var input = EvaluationInput()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let words = try EvaluationOperands(operands)
    guard let flag = words.flag else { throw .usage("explain needs a FLAG: one at a time") }
    let moment = try input.moment()
    let source = try input.source(in: session)
    session.detail("snapshot of \(source.snapshot.environment), sha256 \(source.sha256)")
    let context = try input.context(words.attributes, by: source, at: moment, session)
    guard let trace = source.snapshot.trace(flag, in: context) else {
      throw .unknown("flag", flag, among: source.snapshot.flagKeys, status: .findings)
    }
    switch session.format {
    case .json: session.console.output.write(document(trace, at: moment, from: source))
    default:
      let style = session.style
      for (index, line) in trace.lines.enumerated() {
        session.console.output.line(index == 0 ? style.bold(line.printable) : painted(line.printable, style))
      }
    }
    return .done
  }

  /// What holds in green, what does not in red, what was not asked any more dimmed.
  private func painted(_ line: String, _ style: Style) -> String {
    switch line.unicodeScalars.first(where: { $0 != " " }) {
    case "✓": style.green(line)
    case "✗": style.red(line)
    case "·": style.dim(line)
    default: line
    }
  }

  private func document(_ trace: Trace, at moment: Timestamp, from source: EvaluationSource) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("environment", source.snapshot.environment)
    json.member("now", moment.description)
    json.member("trace", trace.json)
    json.key("snapshot")
    json.beginObject()
    json.member("sha256", source.sha256)
    json.memberIfAny("commit", source.commit)
    json.endObject()
    json.endObject()
    return json.bytes + [0x0A]
  }
}

extension Command {
  static let explain = Command(
    "explain", ExplainCommand(), group: .deliver, summary: "Explain what a flag gives for a context, and why.",
    discussion: """
      The trace shows every rule, every condition with the value that it saw, the bucket, and why not. It is the \
      evaluator's own: nothing is computed a second way. Contexts are written as for 'ensign eval'.

      Values of private attributes are shown: this is your terminal, and your context.
      """,
    operands: [
      CommandOperand("FLAG", .any, completion: .flags, help: "the flag's key, and name=value of the context")
    ],
    options: EvaluationInput.options(), formats: [.text, .json],
    json: [
      JSONField("environment", "the environment"),
      JSONField("now", "the moment of evaluation"),
      JSONField("trace.flag", "the flag's key"),
      JSONField("trace.value", "the value served"),
      JSONField("trace.variant", "the variant served"),
      JSONField("trace.reason", "the reason, as in eval"),
      JSONField("trace.decidedBy", "the rule's name, or targets, otherwise, disabled or requires"),
      JSONField("trace.rule", "the rule that decided; absent when none did"),
      JSONField("trace.bucket", "where the hash fell; absent where none was taken"),
      JSONField("trace.enabled", "from, until and now, of a flag that is enabled for a time"),
      JSONField("trace.requires[].variants[]", "the variants of a prerequisite that will do"),
      JSONField("trace.requires[].holds", "whether it serves one of them"),
      JSONField("trace.requires[].trace", "how it came to that, in the same form as trace"),
      JSONField("trace.targets", "targetingKey, and the variant that it gets when it is listed"),
      JSONField("trace.rules[].name", "a rule; all are there, in order"),
      JSONField(
        "trace.rules[].outcome", "decided, conditionFails, outsideShare, nothingToHash or notReached"),
      JSONField(
        "trace.rules[].when",
        "the condition: holds, and all, any, not, segments, or attribute, op, values and the value seen"),
      JSONField("trace.rules[].share", "holds, buckets, by, seed, the value seen, bucket"),
      JSONField("trace.rules[].serve", "variant, by, seed, the value seen, bucket, and the range that it fell into"),
      JSONField("trace.otherwise", "what otherwise serves, in the form of serve; absent when it was not reached"),
      JSONField("snapshot.sha256", "the digest of what was evaluated"),
      JSONField("snapshot.commit", "the commit that was compiled, with --rev or --at"),
    ],
    examples: [
      ("explain checkout-v2 -e production -c @context.json", "from the working tree"),
      ("explain checkout-v2 -e production --rev main -c targetingKey=user-7", "as it is on main"),
    ])
}
