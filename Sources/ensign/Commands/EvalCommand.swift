internal import Ensign
internal import FlagSource

/// `ensign eval [FLAG]`.
struct EvalCommand: CommandBody, EvaluatingBody {
  var input = EvaluationInput()
  var contextsFile: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let words = try EvaluationOperands(operands)
    if contextsFile != nil, !(input.contexts + words.attributes).isEmpty {
      throw .usage("--contexts and --context exclude each other")
    }
    if contextsFile != nil, session.globals.format == .text {
      throw .usage("--contexts gives a line of JSON for each context; --format text does not apply")
    }
    let moment = try input.moment()
    let source = try input.source(in: session)
    session.detail("snapshot of \(source.snapshot.environment), sha256 \(source.sha256)")
    if let contextsFile {
      return try evaluateAll(in: contextsFile, words.flag, source, at: moment, session)
    }
    let context = try input.context(words.attributes, by: source, at: moment, session)
    let result = EvaluationResult(of: words.flag, in: context, source)
    switch session.format {
    case .json:
      var json = CanonicalJSON()
      result.write(to: &json, from: source)
      session.console.output.write(json.bytes + [0x0A])
    default: session.console.output.write(result.text(session.style))
    }
    for error in result.errors { session.console.message("ensign: \(session.messageStyle.red("error")): \(error)") }
    return result.errors.isEmpty ? .done : .findings
  }

  /// One line of JSON for each line with a context, with no more than a line of either in memory.
  private func evaluateAll(
    in file: String, _ flag: String?, _ source: EvaluationSource, at moment: Timestamp, _ session: Session
  ) throws(CommandError) -> CommandStatus {
    do throws(FileError) {
      let input = try InputFile(file, session.console)
      var lines = LineReader(ChunkReader(descriptor: input.descriptor, name: input.name), limit: Context.maximumSize)
      var number = 0
      var status = CommandStatus.done
      while session.console.output.isOpen, let line = try lines.next() {
        number += 1
        if case .bytes(let bytes) = line, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
        var json = CanonicalJSON()
        let isFine = evaluate(line, "\(input.name):\(number)", flag, source, at: moment, to: &json)
        if !isFine { status = .findings }
        session.console.output.write(json.bytes + [0x0A])
      }
      return status
    } catch {
      throw error.asCommandError
    }
  }

  /// - Returns: false when the line holds no context, or the flag cannot be evaluated.
  private func evaluate(
    _ line: LineReader.Line, _ place: String, _ flag: String?, _ source: EvaluationSource, at moment: Timestamp,
    to json: inout CanonicalJSON
  ) -> Bool {
    guard case .bytes(let bytes) = line else {
      writeInvalid("\(place): the line has more than \(Context.maximumSize) bytes", source, to: &json)
      return false
    }
    do throws(ContextError) {
      var context = try Context(json: bytes)
      context.now = moment
      let result = EvaluationResult(of: flag, in: context, source)
      result.write(to: &json, from: nil)
      return result.errors.isEmpty
    } catch {
      writeInvalid("\(place): \(error)", source, to: &json)
      return false
    }
  }

  private func writeInvalid(_ details: String, _ source: EvaluationSource, to json: inout CanonicalJSON) {
    json.beginObject()
    json.member("environment", source.snapshot.environment)
    json.member("reason", Evaluation.Reason.error.rawValue)
    json.member("errorCode", "INVALID_CONTEXT")
    json.member("errorDetails", details)
    json.endObject()
  }
}

extension Command {
  static let eval = Command(
    "eval", EvalCommand(), group: .deliver, summary: "Evaluate a flag, or all of them, for a context.",
    discussion: """
      A context is a JSON object, @FILE with one (@- is standard input), or name=value, which is read by the declared \
      type of the attribute; several parts are put together, and the last value of an attribute counts. Attributes may \
      also follow as operands.

      With --contexts, every line of the file is a context, and every line of the output the JSON for it. A line that \
      holds no context gives the errorCode INVALID_CONTEXT, and evaluation goes on.

      A flag that cannot be evaluated is an error: exit status 1.
      """,
    operands: [
      CommandOperand(
        "FLAG", .any, completion: .flags, help: "the flag's key (default: all flags), and name=value of the context")
    ],
    options: EvaluationInput.options() + [
      .value("contexts", "FILE", completion: .file, \.contextsFile, help: "contexts, one a line; - is standard input")
    ],
    formats: [.text, .json], json: EvaluationResult.fields,
    examples: [
      ("eval checkout-v2 -e production -c targetingKey=user-7 country=DE", "one flag"),
      ("eval -e production -c @context.json --format json", "all flags, as JSON"),
      ("eval checkout-v2 --snapshot production.json --contexts users.jsonl", "a line for each user"),
    ])
}
