internal import FlagCompiler
internal import FlagSource
internal import YAML

/// Finds the parts of compiled conditions in what somebody wrote.
enum WrittenCondition {
  /// Where the one part of a condition stands that compiles to `json`; nil when there is none or there are several.
  ///
  /// - Complexity: O(depth × size) of the condition.
  static func place(of json: [UInt8], in condition: Located<Condition>) -> SourceRange? {
    var found: [SourceRange] = []
    forEachPart(of: condition) { part in
      // A list of one is its only member: the outermost spelling counts.
      if found.last.map({ $0.contains(part.range) }) ?? false { return }
      if PartCompiler.compile(part.value) == json { found.append(part.range) }
    }
    return found.count == 1 ? found[0] : nil
  }

  /// Calls `body` with a condition and all that it is made of, from the outside to the inside.
  private static func forEachPart(of condition: Located<Condition>, _ body: (Located<Condition>) -> Void) {
    body(condition)
    switch condition.value {
    case .all(let children), .any(let children): for child in children { forEachPart(of: child, body) }
    case .not(let child): forEachPart(of: child, body)
    case .segment: break
    case .attribute(let test): forEachPart(of: test, body)
    }
  }

  /// Calls `body` with each test of an attribute that has several, and with each constant of a test where several mean
  /// any of them.
  private static func forEachPart(of test: AttributeTest, _ body: (Located<Condition>) -> Void) {
    for one in test.tests {
      let last = one.operands.last?.range ?? one.operation.range
      let range = SourceRange(
        start: min(one.operation.range.start, last.start), end: max(one.operation.range.end, last.end))
      if test.tests.count > 1 { body(Located(.attribute(test.with(one)), at: range)) }
      guard one.operands.count > 1 else { continue }
      for operand in one.operands {
        var single = one
        single.operands = [operand]
        body(Located(.attribute(test.with(single)), at: operand.range))
      }
    }
  }
}

extension AttributeTest {
  fileprivate func with(_ test: Test) -> AttributeTest {
    AttributeTest(attribute: attribute, ignoreCase: ignoreCase, tests: [test])
  }
}

extension SourceRange {
  fileprivate func contains(_ other: SourceRange) -> Bool { start <= other.start && other.end <= end }
}
