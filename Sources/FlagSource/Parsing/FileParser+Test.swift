internal import Ensign
internal import YAML

extension FileParser {
  /// More combinations of one matrix than these take longer than anybody waits.
  static let greatestMatrix = 10_000

  /// Reads a file of flag tests; tests that cannot be read are left out.
  mutating func tests(_ root: Document.Node) -> [FlagTest] {
    let wanted = Wanted(
      "the file", "a list of tests", example: "- {flag: new-cart, environment: production, expect: on}")
    guard isList(root, orElse: wanted) else { return [] }
    var tests: [FlagTest] = []
    for element in root.elements {
      if let test = test(element) { tests.append(test) }
    }
    return tests
  }

  private mutating func test(_ node: Document.Node) -> FlagTest? {
    let wanted = Wanted("a test", "a mapping", example: "{flag: new-cart, environment: production, expect: on}")
    let findingsBefore = findings.count
    guard let fields = fields(node, TestKey.self, orElse: wanted) else { return nil }
    let name = fields.value(TestKey.name).flatMap { string($0, orElse: Wanted(TestKey.name)) }
    let flag = fields.value(TestKey.flag).flatMap { self.name($0, orElse: Wanted(TestKey.flag)) }
    let environments = fields.value(TestKey.environment).map {
      names(
        $0, orElse: Wanted(TestKey.environment), each: Wanted("an environment", "an environment", example: "production")
      )
    }
    var context = TestContext()
    if let given = fields.value(TestKey.given), isMapping(given, orElse: Wanted(TestKey.given)) {
      self.given(given, prefix: "", into: &context)
    }
    if let matrix = fields.value(TestKey.matrix) { self.matrix(matrix, into: &context) }
    let at = fields.value(TestKey.at).flatMap { timestamp($0, orElse: Wanted(TestKey.at)) }
    let expectation = expectation(fields, at: placeOfHead(node))
    let because = fields.value(TestKey.because).flatMap { decider($0) }
    let bucket = fields.value(TestKey.bucket).flatMap { self.bucket($0) }
    let isWhole = findings[findingsBefore...].allSatisfy { $0.level != .error }
    guard let flag, let environments, let expectation, isWhole else { return nil }
    return FlagTest(
      file: file, name: name, flag: flag, environments: environments, given: context.given, matrix: context.matrix,
      at: at, expectation: expectation, because: because, bucket: bucket, range: node.range)
  }

  private mutating func expectation(
    _ fields: Fields, at head: Place
  ) -> Located<FlagTest.Expectation>? {
    switch (fields.entry(TestKey.expect), fields.entry(TestKey.expectValue)) {
    case (let variant?, let value?):
      let (first, second) = variant.key.range.start < value.key.range.start ? (variant, value) : (value, variant)
      report(.twoExpectations(first: place(first.key), at: place(second.key)))
      return nil
    case (let variant?, nil):
      return name(variant.value, orElse: Wanted(TestKey.expect)).map { Located(.variant($0.value), at: $0.range) }
    case (nil, let value?):
      guard !value.value.isEmptyPlace else {
        report(.wrongType(Wanted(TestKey.expectValue), found: value.value, at: place(value.value)))
        return nil
      }
      return json(value.value).map { Located(.value($0), at: value.value.range) }
    case (nil, nil):
      let isMistyped = fields.node.entries.contains { $0.key.withUTF8 { TestKey.table.position(of: $0) == nil } }
      if !isMistyped { report(.noExpectation(at: head)) }
      return nil
    }
  }

  private mutating func decider(_ node: Document.Node) -> Located<FlagTest.Decider>? {
    guard let name = label(node, orElse: Wanted(TestKey.because)) else { return nil }
    return Located(FlagTest.Decider.words[name.value] ?? .rule(name.value), at: name.range)
  }

  private mutating func bucket(_ node: Document.Node) -> Located<Percentage>? {
    guard let percentage = percentage(node, orElse: Wanted(TestKey.bucket)) else { return nil }
    guard percentage.value.buckets < 100_000 else {
      report(.invalidBucket(at: place(node)))
      return nil
    }
    return percentage
  }
}

extension FlagTest.Decider {
  /// The words of `because` that are no rule's name.
  static let words: [String: FlagTest.Decider] = [
    "targets": .targets, "otherwise": .otherwise, "disabled": .disabled, "requires": .requires,
  ]
}

// MARK: - The context

/// The context of a test while it is read.
private struct TestContext {
  var given: [FlagTest.GivenAttribute] = []
  var matrix: [FlagTest.MatrixAxis] = []
  /// Where each attribute stands.
  var places: [String: SourceRange] = [:]
}

extension FileParser {
  /// Reads a mapping of attributes, and the mappings in it as dotted names.
  private mutating func given(_ node: Document.Node, prefix: String, into context: inout TestContext) {
    for (key, value) in node.entries {
      guard let name = givenName(key, prefix: prefix) else { continue }
      if value.kind == .mapping {
        given(value, prefix: name.value + ".", into: &context)
        continue
      }
      guard isFirst(name, in: &context), let json = givenValue(value, of: name.value) else { continue }
      context.given.append(FlagTest.GivenAttribute(name: name, value: Located(json, at: value.range)))
    }
  }

  private mutating func matrix(_ node: Document.Node, into context: inout TestContext) {
    guard isFilledMapping(node, orElse: Wanted(TestKey.matrix)) else { return }
    var combinations = 1
    for (key, value) in node.entries {
      var wanted: Wanted { Wanted("the matrix of \(key.text.quoted)", "a list of values", example: "[DE, FR]") }
      guard let name = givenName(key, prefix: ""), isFirst(name, in: &context), isFilledList(value, orElse: wanted)
      else { continue }
      var values: [Located<JSONValue>] = []
      for element in value.elements {
        if let json = givenValue(element, of: name.value) { values.append(Located(json, at: element.range)) }
      }
      context.matrix.append(FlagTest.MatrixAxis(name: name, values: values))
      combinations = min(combinations * max(value.count, 1), Self.greatestMatrix + 1)
    }
    if combinations > Self.greatestMatrix {
      report(.excessiveMatrix(limit: Self.greatestMatrix, at: placeOfHead(node)))
    }
  }

  private mutating func givenName(_ node: Document.Node, prefix: String) -> Located<String>? {
    guard let name = label(node, orElse: Wanted("an attribute's name", "a name", example: "country")) else {
      return nil
    }
    guard prefix.isEmpty else { return Located(prefix + name.value, at: name.range) }
    guard name.value != AttributeDeclaration.now else {
      report(.givenNow(at: place(node)))
      return nil
    }
    return name
  }

  private mutating func isFirst(_ name: Located<String>, in context: inout TestContext) -> Bool {
    guard let first = context.places[name.value] else {
      context.places[name.value] = name.range
      return true
    }
    report(.repeatedName(name.value, in: "the test's context", first: place(first), at: place(name.range)))
    return false
  }

  /// A value as a context would have it: of a declared text attribute a text, of a version, an instant or an address
  /// the text that stands there, of others what the core schema reads.
  private mutating func givenValue(_ node: Document.Node, of attribute: String) -> JSONValue? {
    switch node.kind {
    case .sequence:
      var elements: [JSONValue] = []
      for element in node.elements {
        guard element.kind == .scalar else { break }
        var wanted: Wanted { Wanted("an element of \(attribute.quoted)", "a text", example: "staff") }
        if let text = string(element, orElse: wanted) { elements.append(.string(text.value)) }
      }
      if node.elements.allSatisfy({ $0.kind == .scalar }) {
        return elements.count == node.count ? .array(elements) : nil
      }
    case .scalar where !node.isEmptyPlace:
      switch attributes[attribute] {
      case .version, .timestamp, .ip: return .string(node.text)
      case .string where node.value != .null:
        var wanted: Wanted { Wanted("the value of \(attribute.quoted)", "a text") }
        return string(node, orElse: wanted).map { .string($0.value) }
      default:
        if node.value != .null { return jsonScalar(node) }
      }
    default:
      break
    }
    report(.impossibleValue(attribute, found: node, at: place(node)))
    return nil
  }
}
