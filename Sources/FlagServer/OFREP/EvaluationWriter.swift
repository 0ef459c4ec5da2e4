internal import Ensign

/// Evaluations as the protocol writes them.
extension CanonicalJSON {
  /// Writes the object of one evaluation that gave a value.
  mutating func append(_ evaluation: Evaluation, type: FlagType?, in environment: ServedEnvironment) {
    beginObject()
    key(literal: "key")
    append(evaluation.flag)
    if let value = evaluation.value {
      key(literal: "value")
      append(value, type: type)
    }
    key(literal: "reason")
    append(evaluation.reason.standard)
    key(literal: "variant")
    append(evaluation.variant ?? "")
    key(literal: "metadata")
    beginObject()
    appendMetadata(of: environment)
    if let owner = environment.notes.owners[evaluation.flag] {
      key(literal: "owner")
      append(owner)
    }
    if let rule = evaluation.rule {
      key(literal: "rule")
      append(rule)
    }
    if evaluation.reason.standard != evaluation.reason.rawValue {
      key(literal: "ensignReason")
      append(evaluation.reason.rawValue)
    }
    endObject()
    endObject()
  }

  /// Writes the members of metadata that are the same for all flags of an environment.
  mutating func appendMetadata(of environment: ServedEnvironment) {
    key(literal: "flagSetId")
    append(environment.name)
    key(literal: "version")
    append(environment.version)
    if environment.isStale {
      key(literal: "stale")
      append(true)
    }
    if !environment.isSigned {
      key(literal: "unsigned")
      append(true)
    }
  }

  /// Writes a flag's value: a number with a point or an exponent, an integer without.
  ///
  /// Clients in typed languages tell integers and floating-point numbers apart by that alone.
  private mutating func append(_ value: JSONValue, type: FlagType?) {
    guard type == .number, let number = value.number else { return append(value) }
    append(canonical: FloatingPointText.bytes(number))
  }
}

/// Numbers that are not taken for integers.
enum FloatingPointText {
  /// The text of a finite number in JSON, with a decimal point or an exponent.
  static func bytes(_ number: Double) -> [UInt8] {
    var text = CanonicalJSON()
    text.append(number)
    let isInteger = text.bytes.allSatisfy { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "e") }
    return isInteger ? text.bytes + ".0".utf8 : text.bytes
  }
}

extension Evaluation.Reason {
  /// The reason among those that OpenFeature names.
  ///
  /// A disabled flag serves its off value: two clients would drop that for the reason DISABLED.
  var standard: String {
    switch self {
    case .disabled, .prerequisiteFailed: Evaluation.Reason.default.rawValue
    case .static, .default, .targetingMatch, .split, .error: rawValue
    }
  }
}
