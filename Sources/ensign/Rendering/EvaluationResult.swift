internal import Ensign
internal import FlagSource

/// The results of `eval`: of one flag, or of all.
struct EvaluationResult {
  let environment: String
  /// Sorted by flag.
  let evaluations: [Evaluation]
  /// Whether one flag was asked for.
  let isOfOne: Bool
  private let flagKeys: () -> [String]

  init(of flag: String?, in context: Context, _ source: EvaluationSource) {
    environment = source.snapshot.environment
    isOfOne = flag != nil
    evaluations =
      flag.map { [source.snapshot.evaluate($0, in: context)] } ?? source.snapshot.evaluateAll(in: context)
    flagKeys = { source.snapshot.flagKeys }
  }

  /// What could not be evaluated, in words.
  var errors: [String] { evaluations.compactMap(details) }

  private func details(of evaluation: Evaluation) -> String? {
    switch evaluation.errorCode {
    case nil: return nil
    case .flagNotFound:
      let message = "the environment '\(environment)' has no flag '\(evaluation.flag)'"
      guard let nearest = NearestName.find(evaluation.flag, among: flagKeys()) else { return message }
      return message + "; did you mean '\(nearest)'?"
    case .typeMismatch: return "the flag '\(evaluation.flag)' is of another type"
    case .notReady: return "there is no snapshot"
    }
  }

  // MARK: Text

  func text(_ style: Style) -> String {
    guard isOfOne else { return table(style) }
    guard let evaluation = evaluations.first, let value = evaluation.value, let variant = evaluation.variant else {
      return ""
    }
    var text = "\(style.bold(evaluation.flag)) = \(value.description.printable)\n"
    text += "  variant    \(variant)\n  reason     \(evaluation.reason.rawValue)\n"
    if let rule = evaluation.rule { text += "  rule       \(rule.printable)\n" }
    if let bucket = evaluation.bucket { text += "  bucket     \(bucket)\n" }
    return text
  }

  private func table(_ style: Style) -> String {
    var table = Table(["FLAG", "VALUE", "VARIANT", "REASON", "RULE", "BUCKET"])
    for evaluation in evaluations {
      table.add([
        evaluation.flag, evaluation.value?.description ?? "-", evaluation.variant ?? "-", evaluation.reason.rawValue,
        evaluation.rule ?? "-", evaluation.bucket.map(String.init) ?? "-",
      ])
    }
    return table.rendered(style)
  }

  // MARK: JSON

  private static let ofOne = [
    ("flag", "the flag's key"),
    ("value", "the value served; absent after an error"),
    ("variant", "the variant served; absent after an error"),
    (
      "reason",
      "STATIC, TARGETING_MATCH, SPLIT, DEFAULT, DISABLED, PREREQUISITE_FAILED or ERROR"
    ),
    ("rule", "the rule that decided; absent when none did"),
    ("bucket", "where the hash fell, 0 to 99999; absent where none was taken"),
    ("errorCode", "FLAG_NOT_FOUND, or with --contexts INVALID_CONTEXT; absent without an error"),
    ("errorDetails", "what went wrong, in words; absent without an error"),
  ]

  static let fields =
    ofOne.map { JSONField($0.0, "of one flag: \($0.1)") } + [
      JSONField("environment", "the environment")
    ] + ofOne.map { JSONField("flags[].\($0.0)", "of all flags, sorted by key: \($0.1)") } + [
      JSONField("snapshot.sha256", "the digest of what was evaluated; not with --contexts"),
      JSONField("snapshot.commit", "the commit that was compiled, with --rev or --at"),
    ]

  /// - Parameter source: where the snapshot came from, when that is to be said.
  func write(to json: inout CanonicalJSON, from source: EvaluationSource?) {
    json.beginObject()
    if isOfOne, let evaluation = evaluations.first {
      write(evaluation, to: &json, environment: environment)
    } else {
      json.member("environment", environment)
      json.key("flags")
      json.beginArray()
      for evaluation in evaluations {
        json.beginObject()
        write(evaluation, to: &json, environment: nil)
        json.endObject()
      }
      json.endArray()
    }
    if let source {
      json.key("snapshot")
      json.beginObject()
      json.member("sha256", source.sha256)
      json.memberIfAny("commit", source.commit)
      json.endObject()
    }
    json.endObject()
  }

  private func write(_ evaluation: Evaluation, to json: inout CanonicalJSON, environment: String?) {
    json.member("flag", evaluation.flag)
    json.memberIfAny("environment", environment)
    if let value = evaluation.value { json.member("value", value) }
    json.memberIfAny("variant", evaluation.variant)
    json.member("reason", evaluation.reason.rawValue)
    json.memberIfAny("rule", evaluation.rule)
    if let bucket = evaluation.bucket { json.member("bucket", bucket) }
    json.memberIfAny("errorCode", evaluation.errorCode?.rawValue)
    json.memberIfAny("errorDetails", details(of: evaluation))
  }
}
