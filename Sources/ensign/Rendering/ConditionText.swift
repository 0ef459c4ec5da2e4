internal import Ensign
internal import FlagSource

/// Conditions in words, on one line: `country is DE or FR and appVersion ≥ 2.1.0`.
enum ConditionText {
  static func words(_ condition: Condition) -> String {
    text(condition, inside: .none)
  }

  /// What stands around a condition and may need brackets to keep it apart.
  private enum Surrounding {
    case none
    case and
    case or
    case not
  }

  private static func text(_ condition: Condition, inside surrounding: Surrounding) -> String {
    switch condition {
    case .all(let conditions):
      let inner: Surrounding = conditions.count > 1 ? .and : surrounding
      let joined = conditions.map { text($0.value, inside: inner) }.joined(separator: " and ")
      return bracketed(joined, if: conditions.count > 1 && (surrounding == .or || surrounding == .not))
    case .any(let conditions):
      let inner: Surrounding = conditions.count > 1 ? .or : surrounding
      let joined = conditions.map { text($0.value, inside: inner) }.joined(separator: " or ")
      return bracketed(joined, if: conditions.count > 1 && (surrounding == .and || surrounding == .not))
    case .not(let condition): return "not " + text(condition.value, inside: .not)
    case .segment(let keys): return "in segment " + keys.map(\.value).joinedByOr
    case .attribute(let test):
      let texts = test.tests.map { words($0, of: test.attribute.value) }
      let ignoring = test.ignoreCase?.value == true ? " (ignoring case)" : ""
      return bracketed(texts.joined(separator: " and "), if: texts.count > 1 && surrounding == .not) + ignoring
    }
  }

  private static func words(_ test: AttributeTest.Test, of attribute: String) -> String {
    let operands = test.operands.map { $0.value.text }.joinedByOr
    let phrase = test.operation.value.phrase
    return operands.isEmpty ? "\(attribute) \(phrase)" : "\(attribute) \(phrase) \(operands)"
  }

  private static func bracketed(_ text: String, if needed: Bool) -> String {
    needed ? "(\(text))" : text
  }
}

extension Operand {
  /// The operand as people write it; texts that could be misread are quoted.
  var text: String {
    switch self {
    case .string(let text): text.isPlain ? text : JSONValue.string(text).description
    case .integer(let number): String(number)
    case .number(let number): JSONValue.number(number).description
    case .boolean(let value): String(value)
    case .version(let version): version.description
    case .timestamp(let timestamp): timestamp.description
    case .address(let address): address.description
    case .network(let network): network.description
    case .pattern(let source): "/\(source)/"
    }
  }

  /// The operand as a snapshot's value has it.
  var json: JSONValue {
    switch self {
    case .string(let text), .pattern(let text): .string(text)
    case .integer(let number): .integer(number)
    case .number(let number): .number(number)
    case .boolean(let value): .boolean(value)
    case .version(let version): .string(version.description)
    case .timestamp(let timestamp): .string(timestamp.description)
    case .address(let address): .string(address.description)
    case .network(let network): .string(network.description)
    }
  }
}

extension String {
  /// Whether the text is one word that needs no quotation marks.
  fileprivate var isPlain: Bool {
    !isEmpty && utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x2C && $0 != 0x7F } && printable == self
  }
}
