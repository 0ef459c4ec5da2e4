/// A condition without its places: two are equal when they say the same in the same words, in whatever order.
///
/// Nothing is worked out: `not: {not: x}` and `x` differ. Deciding which conditions are equivalent is for an analysis of
/// the values they let through.
struct ConditionMeaning: Hashable, Sendable {
  private let condition: Condition
  /// Does not depend on the order of what stands beside each other.
  private let digest: Int

  init(_ condition: Condition) {
    self.condition = condition
    digest = Self.digest(condition)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }

  static func == (left: ConditionMeaning, right: ConditionMeaning) -> Bool {
    left.digest == right.digest && areEqual(left.condition, right.condition)
  }

  /// Whether two of the conditions could be equal, by a quick look: most lists test another attribute in each.
  static func mayRepeat(_ conditions: [Located<Condition>]) -> Bool {
    if conditions.count > 16 { return true }
    for index in conditions.indices.dropFirst() {
      for other in 0..<index where mayBeEqual(conditions[index].value, conditions[other].value) { return true }
    }
    return false
  }

  private static func mayBeEqual(_ left: Condition, _ right: Condition) -> Bool {
    switch (left, right) {
    case (.attribute(let left), .attribute(let right)): mayBeEqual(left, right)
    case (.not(let left), .not(let right)): mayBeEqual(left.value, right.value)
    case (.segment(let left), .segment(let right)):
      left.count != 1 || right.count != 1 || left[0].value == right[0].value
    case (.all(let left), .all(let right)), (.any(let left), .any(let right)):
      left.count > 16 || right.count > 16
        || left.allSatisfy { child in right.contains { mayBeEqual(child.value, $0.value) } }
    default: false
    }
  }

  private static func mayBeEqual(_ left: AttributeTest, _ right: AttributeTest) -> Bool {
    guard left.attribute.value == right.attribute.value else { return false }
    guard left.tests.count == 1, right.tests.count == 1 else { return true }
    guard left.tests[0].operation.value == right.tests[0].operation.value else { return false }
    guard left.tests[0].operands.count == 1, right.tests[0].operands.count == 1 else { return true }
    return left.tests[0].operands[0].value == right.tests[0].operands[0].value
  }

  private static func areEqual(_ left: Condition, _ right: Condition) -> Bool {
    switch (left, right) {
    case (.all(let left), .all(let right)), (.any(let left), .any(let right)):
      Set(left.map { ConditionMeaning($0.value) }) == Set(right.map { ConditionMeaning($0.value) })
    case (.not(let left), .not(let right)): areEqual(left.value, right.value)
    case (.segment(let left), .segment(let right)): Set(left.map(\.value)) == Set(right.map(\.value))
    case (.attribute(let left), .attribute(let right)): AttributeMeaning(left) == AttributeMeaning(right)
    default: false
    }
  }

  private static func digest(_ condition: Condition) -> Int {
    switch condition {
    case .all(let children): combined(1, children.map { digest($0.value) })
    case .any(let children): combined(2, children.map { digest($0.value) })
    case .not(let child): combined(3, [digest(child.value)])
    case .segment(let names): combined(4, names.map(\.value.hashValue))
    case .attribute(let test): combined(5, [AttributeMeaning(test).hashValue])
    }
  }

  /// Equal for equal sets of parts.
  private static func combined(_ kind: Int, _ parts: [Int]) -> Int {
    var hasher = Hasher()
    hasher.combine(kind)
    hasher.combine(Set(parts))
    return hasher.finalize()
  }
}

/// The tests on an attribute without their places and their order.
private struct AttributeMeaning: Hashable {
  let attribute: String
  let ignoresCase: Bool
  let tests: Set<TestMeaning>

  struct TestMeaning: Hashable {
    let operation: Operator
    let operands: Set<Operand>
  }

  init(_ test: AttributeTest) {
    attribute = test.attribute.value
    ignoresCase = test.ignoreCase?.value == true
    tests = Set(
      test.tests.map { TestMeaning(operation: $0.operation.value, operands: Set($0.operands.map(\.value))) })
  }
}
