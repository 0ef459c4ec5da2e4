internal import Ensign

/// A test of one attribute, as a condition of a snapshot has it, and as the evaluator decides it.
struct AttributeTest {
  let attribute: String
  let type: AttributeType
  let kind: Kind
  /// The operands in the order of their list, which may be long; nil for a test that somebody wrote.
  var listing: [ExactText]?

  enum Kind {
    /// Whether the attribute has a value of its type.
    case exists
    /// Whether the value can be hashed, whatever its type.
    case hashable
    case isIn(Operands)
    case startsWith(Pattern)
    case endsWith(Pattern)
    case contains(Pattern)
    case matches(RegularExpression, pattern: String, ignoresCase: Bool)
    case ordered(Order, Operand)
    case within([IPNetwork])
    /// Whether the list has one of these elements.
    case includes(Set<ExactText>)
    /// Whether the list has all of these elements.
    case includesAll(Set<ExactText>)
  }

  /// A text that is looked for in another one.
  struct Pattern {
    let text: String
    /// Whether it is looked for in the folded form; it is folded itself then.
    let ignoresCase: Bool
  }

  /// What a value may equal.
  enum Operands {
    case texts(Set<ExactText>, ignoresCase: Bool)
    case integers(Set<Int64>)
    case numbers(Set<Double>)
    case booleans(Set<Bool>)
  }

  enum Order { case lessThan, atMost, greaterThan, atLeast }

  /// What a value is compared with.
  enum Operand {
    case integer(Int64)
    case number(Double)
    case version(SemanticVersion)
  }
}

extension AttributeTest {
  /// Reads a test; whether it has to hold, or to fail for a value of the right type.
  ///
  /// `notIn` is `isIn` turned round, for values of the right type; `includesNone` is `includes`, and so on: fewer kinds
  /// of tests, and both of a pair are known to exclude each other.
  static func read(_ condition: JSONValue, type: AttributeType) -> (test: AttributeTest, isNegated: Bool) {
    let attribute = condition["attribute"]?.string ?? ""
    let values = condition["values"]?.array ?? []
    let ignoresCase = condition["ignoreCase"]?.boolean == true
    func make(_ kind: Kind, _ isNegated: Bool = false) -> (AttributeTest, Bool) {
      (AttributeTest(attribute: attribute, type: type, kind: kind), isNegated)
    }
    let operation = condition["op"]?.string.flatMap(ConditionOperator.init(rawValue:)) ?? .exists
    let pattern = Pattern(text: values.first?.string ?? "", ignoresCase: ignoresCase)
    switch operation {
    case .exists, .missing: return make(.exists, operation == .missing)
    case .startsWith: return make(.startsWith(pattern))
    case .endsWith: return make(.endsWith(pattern))
    case .contains: return make(.contains(pattern))
    case .matches:
      guard let expression = try? RegularExpression(pattern.text, ignoreCase: ignoresCase) else {
        preconditionFailure("a loaded snapshot's patterns compile")
      }
      return make(.matches(expression, pattern: pattern.text, ignoresCase: ignoresCase))
    case .lessThan: return make(.ordered(.lessThan, operand(values.first, type)))
    case .atMost: return make(.ordered(.atMost, operand(values.first, type)))
    case .greaterThan: return make(.ordered(.greaterThan, operand(values.first, type)))
    case .atLeast: return make(.ordered(.atLeast, operand(values.first, type)))
    case .includes, .includesNone: return make(.includes(texts(values)), operation == .includesNone)
    case .includesAll: return make(.includesAll(texts(values)))
    case .within: return make(.within(networks(values)))
    case .isIn, .notIn:
      let isNegated = operation == .notIn
      switch type {
      case .ip: return make(.within(networks(values)), isNegated)
      case .boolean: return make(.isIn(.booleans(Set(values.compactMap(\.boolean)))), isNegated)
      case .integer, .timestamp: return make(.isIn(.integers(Set(values.compactMap(\.integer)))), isNegated)
      case .number: return make(.isIn(.numbers(Set(values.compactMap(\.number)))), isNegated)
      case .string, .version, .list: return make(.isIn(.texts(texts(values), ignoresCase: ignoresCase)), isNegated)
      }
    }
  }

  private static func texts(_ values: [JSONValue]) -> Set<ExactText> {
    Set(values.lazy.compactMap(\.string).map(ExactText.init))
  }

  private static func networks(_ values: [JSONValue]) -> [IPNetwork] {
    values.compactMap(\.string).compactMap { try? IPNetwork($0) }
  }

  private static func operand(_ value: JSONValue?, _ type: AttributeType) -> Operand {
    switch type {
    case .number: return .number(value?.number ?? 0)
    case .version:
      guard let version = try? SemanticVersion(value?.string ?? "") else {
        preconditionFailure("a loaded snapshot's versions are such")
      }
      return .version(version)
    default: return .integer(value?.integer ?? 0)
    }
  }
}

// MARK: - Deciding, as the evaluator does

extension AttributeTest {
  /// Whether the test holds for what a context says; nil when it says nothing.
  ///
  /// A missing or wrongly typed value fails every test.
  func holds(_ value: Context.Value?) -> Bool {
    guard let value else { return false }
    if case .hashable = kind { return Self.isHashable(value) }
    switch (type, value) {
    case (.string, .string(let text)): return holds(text: text)
    case (.integer, .integer(let integer)): return holds(integer: integer)
    case (.integer, .number(let number)): return Int64(exactly: number).map(holds(integer:)) ?? false
    case (.number, .integer(let integer)): return holds(number: Double(integer))
    case (.number, .number(let number)): return number.isFinite && holds(number: number)
    case (.boolean, .boolean(let boolean)):
      if case .isIn(.booleans(let booleans)) = kind { return booleans.contains(boolean) }
      return true
    case (.version, .string(let text)): return (try? SemanticVersion(text)).map(holds(version:)) ?? false
    case (.timestamp, .timestamp(let instant)): return holds(integer: instant.milliseconds)
    case (.timestamp, .string(let text)): return (try? Timestamp(text)).map { holds(integer: $0.milliseconds) } ?? false
    case (.ip, .string(let text)):
      guard let address = try? IPAddress(text) else { return false }
      if case .within(let networks) = kind { return networks.contains { $0.contains(address) } }
      return true
    case (.list, .list(let elements)):
      switch kind {
      case .includes(let operands): return elements.contains { operands.contains(ExactText($0)) }
      case .includesAll(let operands): return operands.isSubset(of: elements.map(ExactText.init))
      default: return true
      }
    default: return false
    }
  }

  /// Whether the evaluator hashes a value.
  static func isHashable(_ value: Context.Value) -> Bool {
    switch value {
    case .string, .integer, .boolean: true
    case .number, .list, .timestamp: false
    }
  }

  private func holds(text: String) -> Bool {
    func seen(_ ignoresCase: Bool) -> String { ignoresCase ? CaseFolding.fold(text) : text }
    switch kind {
    case .isIn(.texts(let texts, let ignoresCase)): return texts.contains(ExactText(seen(ignoresCase)))
    case .startsWith(let pattern): return seen(pattern.ignoresCase).utf8.starts(with: pattern.text.utf8)
    case .endsWith(let pattern):
      return seen(pattern.ignoresCase).utf8.reversed().starts(with: pattern.text.utf8.reversed())
    case .contains(let pattern): return Self.contains(seen(pattern.ignoresCase), pattern.text)
    case .matches(let expression, _, _): return expression.matches(text)
    default: return true
    }
  }

  private static func contains(_ text: String, _ pattern: String) -> Bool {
    let text = Array(text.utf8)
    let pattern = Array(pattern.utf8)
    guard text.count >= pattern.count else { return false }
    return (0...text.count - pattern.count).contains { text[$0..<$0 + pattern.count].elementsEqual(pattern) }
  }

  private func holds(integer: Int64) -> Bool {
    switch kind {
    case .isIn(.integers(let integers)): integers.contains(integer)
    case .ordered(let order, .integer(let operand)): order.holds(integer, operand)
    default: true
    }
  }

  private func holds(number: Double) -> Bool {
    switch kind {
    case .isIn(.numbers(let numbers)): numbers.contains(number)
    case .ordered(let order, .number(let operand)): order.holds(number, operand)
    default: true
    }
  }

  private func holds(version: SemanticVersion) -> Bool {
    switch kind {
    case .isIn(.texts(let texts, _)): texts.contains(ExactText(version.description))
    case .ordered(let order, .version(let operand)): order.holds(version, operand)
    default: true
    }
  }
}

extension AttributeTest.Order {
  fileprivate func holds<Value: Comparable>(_ value: Value, _ operand: Value) -> Bool {
    switch self {
    case .lessThan: value < operand
    case .atMost: value <= operand
    case .greaterThan: value > operand
    case .atLeast: value >= operand
    }
  }
}
