internal import YAML

extension FileParser {
  /// Whom a rule or segment concerns; nil when some part of it could not be read, because the rest alone would mean
  /// something else.
  mutating func condition(
    _ node: Document.Node, orElse wanted: @autoclosure () -> Wanted
  ) -> Located<Condition>? {
    guard isMapping(node, orElse: wanted()) else { return nil }
    guard node.count > 0 else {
      let help = "name an attribute, `segment`, `all`, `any` or `not`; without a condition everyone matches"
      report(.emptyCondition(wanted().subject, help: help, at: place(node)))
      return nil
    }
    var conditions: [Located<Condition>] = []
    conditions.reserveCapacity(node.count)
    for (key, value) in node.entries {
      guard let condition = condition(key, value) else { continue }
      let range = SourceRange(start: key.range.start, end: max(key.range.end, value.range.end))
      conditions.append(Located(condition, at: range))
    }
    guard conditions.count == node.count else { return nil }
    return conditions.count == 1 ? conditions.first : Located(.all(conditions), at: node.range)
  }

  /// One entry of a condition.
  private mutating func condition(_ key: Document.Node, _ value: Document.Node) -> Condition? {
    guard let position = key.withUTF8({ ConditionKey.table.position(of: $0) }) else {
      return attributeTest(key, value).map(Condition.attribute)
    }
    switch ConditionKey.table[position] {
    case .all: return conditions(value, orElse: Wanted(ConditionKey.all)).map(Condition.all)
    case .any: return conditions(value, orElse: Wanted(ConditionKey.any)).map(Condition.any)
    case .not: return condition(value, orElse: Wanted(ConditionKey.not)).map(Condition.not)
    case .segment:
      let each = Wanted("a segment", "a segment's key", example: "staff")
      let names = names(value, orElse: Wanted(ConditionKey.segment), each: each)
      return names.isEmpty || value.kind == .sequence && names.count != value.count ? nil : .segment(names)
    }
  }

  private mutating func conditions(
    _ node: Document.Node, orElse wanted: @autoclosure () -> Wanted
  ) -> [Located<Condition>]? {
    guard isList(node, orElse: wanted()) else { return nil }
    guard node.count > 0 else {
      report(.emptyCondition(wanted().subject, help: "write at least one condition, or remove it", at: place(node)))
      return nil
    }
    var conditions: [Located<Condition>] = []
    for element in node.elements {
      let wanted = Wanted("a condition in the list", "a mapping of conditions", example: "{country: DE}")
      if let condition = condition(element, orElse: wanted) { conditions.append(condition) }
    }
    return conditions.count == node.count ? conditions : nil
  }
}

// MARK: - Attributes

extension FileParser {
  /// The tests on one attribute.
  ///
  /// Of an attribute that is not declared everything that can be read is kept, and nothing is reported but that,
  /// by the check that knows all attributes.
  private mutating func attributeTest(_ key: Document.Node, _ value: Document.Node) -> AttributeTest? {
    let type = attributes[key]
    let attribute = Located(key.text, at: key.range)
    switch value.kind {
    case .scalar, .sequence:
      guard type != .list else {
        reportOperator(nil, on: attribute.value, .list, at: place(value))
        return nil
      }
      let operands =
        value.kind == .scalar
        ? operand(value, of: attribute.value, type).map { [$0] }
        : self.operands(value, of: attribute.value, type)
      guard let operands else { return nil }
      let test = AttributeTest.Test(operation: Located(.in, at: value.range), spelling: nil, operands: operands)
      return AttributeTest(attribute: attribute, ignoreCase: nil, tests: [test])
    case .mapping:
      return attributeTest(attribute, of: type, value)
    }
  }

  private mutating func attributeTest(
    _ attribute: Located<String>, of type: AttributeType?, _ node: Document.Node
  ) -> AttributeTest? {
    var tests: [AttributeTest.Test] = []
    var ignoreCase: (key: Document.Node, value: Document.Node)?
    var isWhole = true
    for (key, value) in node.entries {
      guard let position = key.withUTF8({ AttributeTestKey.table.position(of: $0) }) else {
        reportUnknownOperator(key, on: attribute.value, type)
        isWhole = false
        continue
      }
      let word = AttributeTestKey.table[position]
      guard let (operation, spelling) = word.operation else {
        ignoreCase = (key, value)
        continue
      }
      guard type.map({ spelling.goes(with: $0) }) ?? true else {
        if let type { reportOperator(spelling, on: attribute.value, type, at: place(key)) }
        isWhole = false
        continue
      }
      if let test = test(operation, spelling, key, value, of: attribute.value, type) {
        tests.append(test)
      } else {
        isWhole = false
      }
    }
    let isCaseIgnored = ignoreCase.flatMap { self.ignoreCase($0, on: attribute.value, type, tests, isWhole: isWhole) }
    if tests.isEmpty, isWhole, type != nil {
      let help = "write a value, a list of values, or operators such as `{exists: true}`"
      report(.emptyCondition("the test on \(attribute.value.quoted)", help: help, at: place(node)))
    }
    guard type == nil || isWhole && !tests.isEmpty else { return nil }
    return AttributeTest(attribute: attribute, ignoreCase: isCaseIgnored, tests: tests)
  }

  private mutating func test(
    _ operation: Operator, _ spelling: Operator.Spelling, _ key: Document.Node, _ value: Document.Node,
    of attribute: String, _ type: AttributeType?
  ) -> AttributeTest.Test? {
    if operation == .exists {
      guard let exists = boolean(value, orElse: Wanted(AttributeTestKey.exists)) else { return nil }
      let operation = Located(exists.value ? Operator.exists : .missing, at: key.range)
      return AttributeTest.Test(operation: operation, spelling: spelling, operands: [])
    }
    let operands: [Located<Operand>]? =
      switch spelling.arity {
      case .one: value.kind == .sequence ? reportList(value, spelling) : one(operation, value, of: attribute, type)
      case .list: value.kind == .scalar ? reportScalar(value, spelling) : self.operands(value, of: attribute, type)
      case .oneOrMore:
        value.kind == .sequence
          ? self.operands(value, of: attribute, type, operation) : one(operation, value, of: attribute, type)
      }
    guard let operands else { return nil }
    return AttributeTest.Test(operation: Located(operation, at: key.range), spelling: spelling, operands: operands)
  }

  private mutating func one(
    _ operation: Operator, _ node: Document.Node, of attribute: String, _ type: AttributeType?
  ) -> [Located<Operand>]? {
    let operand: Located<Operand>? =
      switch operation {
      case .matches where type != nil: pattern(node, of: attribute)
      case .within where type != nil: network(node, of: attribute)
      default: operand(node, of: attribute, type)
      }
    return operand.map { [$0] }
  }

  /// The operands of a list; nil when one of them cannot be read.
  private mutating func operands(
    _ node: Document.Node, of attribute: String, _ type: AttributeType?, _ operation: Operator = .in
  ) -> [Located<Operand>]? {
    guard node.kind == .sequence, node.count > 0 else {
      guard type != nil else { return [] }
      let subject = "the list of values for \(attribute.quoted)"
      report(.emptyCondition(subject, help: "write at least one value", at: place(node)))
      return nil
    }
    var operands: [Located<Operand>] = []
    operands.reserveCapacity(node.count)
    for element in node.elements {
      if let operand = one(operation, element, of: attribute, type) { operands.append(contentsOf: operand) }
    }
    return operands.count == node.count || type == nil ? operands : nil
  }

  private mutating func ignoreCase(
    _ entry: (key: Document.Node, value: Document.Node), on attribute: String, _ type: AttributeType?,
    _ tests: [AttributeTest.Test], isWhole: Bool
  ) -> Located<Bool>? {
    guard let value = boolean(entry.value, orElse: Wanted(AttributeTestKey.ignoreCase)) else { return nil }
    if let type, type != .string {
      let reason = "\(attribute.quoted) is of type `\(type.rawValue)`"
      report(.misplacedKey("ignoreCase", reason, help: "remove it: only texts have case", at: place(entry.key)))
    } else if type != nil, isWhole, !tests.isEmpty, tests.allSatisfy({ $0.operands.isEmpty }) {
      report(
        .misplacedKey(
          "ignoreCase", "no text is compared", help: "remove it, or add an operator such as `is`", at: place(entry.key))
      )
    }
    return value
  }
}

// MARK: - Words

extension FileParser {
  private mutating func reportUnknownOperator(_ key: Document.Node, on attribute: String, _ type: AttributeType?) {
    let dotted = "\(attribute).\(key.text)"
    guard attributes[dotted] == nil else {
      report(
        .nestedAttribute(key.text, help: "write the attribute with its dot: `\(dotted)`", at: place(key)))
      return
    }
    guard let type else { return }
    var allowed = Operator.Spelling.allCases.filter { $0.goes(with: type) }.map(\.rawValue)
    if type == .string { allowed.append(AttributeTestKey.ignoreCase.rawValue) }
    report(.unknownOperator(key.text, allowed: allowed, at: place(key)))
  }

  private mutating func reportOperator(
    _ spelling: Operator.Spelling?, on attribute: String, _ type: AttributeType, at place: Place
  ) {
    let allowed = Operator.Spelling.allCases.filter { $0.goes(with: type) }.map(\.rawValue)
    report(.inapplicableOperator(spelling?.rawValue, attribute: attribute, type: type, allowed: allowed, at: place))
  }

  private mutating func reportList(_ node: Document.Node, _ spelling: Operator.Spelling) -> [Located<Operand>]? {
    let list = spelling == .isNot ? "notIn" : "in"
    let hasList = spelling == .is || spelling == .isNot
    report(
      .invalidOperand(
        node, of: "`\(spelling.rawValue)`", expected: "one value\(hasList ? "; for a list use `\(list)`" : "")",
        at: place(node)))
    return nil
  }

  private mutating func reportScalar(_ node: Document.Node, _ spelling: Operator.Spelling) -> [Located<Operand>]? {
    let single = spelling == .notIn ? "isNot" : "is"
    report(
      .invalidOperand(
        node, of: "`\(spelling.rawValue)`", expected: "a list of values; for one value use `\(single)`", at: place(node)
      ))
    return nil
  }
}

extension AttributeTestKey {
  /// What the word asks; nil for `ignoreCase`, which asks nothing by itself.
  var operation: (Operator, Operator.Spelling)? {
    switch self {
    case .is: (.in, .is)
    case .isNot: (.notIn, .isNot)
    case .in: (.in, .in)
    case .notIn: (.notIn, .notIn)
    case .exists: (.exists, .exists)
    case .contains: (.contains, .contains)
    case .startsWith: (.startsWith, .startsWith)
    case .endsWith: (.endsWith, .endsWith)
    case .matches: (.matches, .matches)
    case .lessThan: (.lessThan, .lessThan)
    case .atMost: (.atMost, .atMost)
    case .greaterThan: (.greaterThan, .greaterThan)
    case .atLeast: (.atLeast, .atLeast)
    case .before: (.lessThan, .before)
    case .after: (.greaterThan, .after)
    case .includes: (.includes, .includes)
    case .includesAll: (.includesAll, .includesAll)
    case .includesNone: (.includesNone, .includesNone)
    case .within: (.within, .within)
    case .ignoreCase: nil
    }
  }
}

extension Operator.Spelling {
  enum Arity {
    case one, list, oneOrMore
  }

  /// How many operands the word takes.
  var arity: Arity {
    switch self {
    case .is, .isNot, .exists, .matches, .lessThan, .atMost, .greaterThan, .atLeast, .before, .after: .one
    case .in, .notIn: .list
    case .contains, .startsWith, .endsWith, .includes, .includesAll, .includesNone, .within: .oneOrMore
    }
  }

  /// Whether attributes of a type can be tested so.
  package func goes(with type: AttributeType) -> Bool {
    switch self {
    case .exists: true
    // No context value equals a list: `includes` asks for its elements.
    case .is, .isNot, .in, .notIn: type != .list
    case .contains, .startsWith, .endsWith, .matches: type == .string
    case .lessThan, .atMost, .greaterThan, .atLeast:
      type == .integer || type == .number || type == .version || type == .timestamp
    case .before, .after: type == .timestamp
    case .includes, .includesAll, .includesNone: type == .list
    case .within: type == .ip
    }
  }
}
