import Foundation

@testable import Ensign
@testable import FlagSource

/// Evaluates flags by walking the model as written.
///
/// Slow, plain, and sharing no code with compiler and runtime library, the parsing of files apart: what both say must be
/// the same. The trees are checked, so a name that leads nowhere is a defect of the test and stops it.
struct SlowEvaluator {
  var tree: FlagsTree
  var environment: String
  /// The context, nested objects flattened with dots.
  var context: [String: JSONValue]
  var now: Int64

  struct Result: Equatable {
    var variant: String
    var reason: String
    var rule: String?
  }

  func evaluate(_ flag: String) -> Result {
    let definition = found(tree.definitions.first { $0.key == flag })
    let off = definition.off.value
    guard let config = tree.configs.first(where: { $0.flag == flag && $0.environment == environment }) else {
      return Result(variant: off, reason: "DISABLED")
    }
    guard isEnabled(config) else { return Result(variant: off, reason: "DISABLED") }
    for requirement in config.requires {
      let got = evaluate(requirement.flag.value).variant
      if !requirement.variants.contains(where: { $0.value == got }) {
        return Result(variant: off, reason: "PREREQUISITE_FAILED")
      }
    }
    if case .string(let user) = context["targetingKey"] {
      for target in config.targets where target.keys.contains(where: { $0.value == user }) {
        return Result(variant: target.variant.value, reason: "TARGETING_MATCH")
      }
    }
    for rule in config.rules {
      if let condition = rule.when?.value, !holds(condition) { continue }
      var isShared = false
      if let share = rule.share, share.percentage.value.buckets < 100_000 {
        isShared = true
        let hashing = self.hashing(of: rule.serve.value)
        let by = share.hashing.by?.value ?? hashing?.by?.value ?? "targetingKey"
        let seed = share.hashing.seed?.value ?? hashing?.seed?.value ?? flag
        guard let value = hashed(by) else { continue }
        guard bucket(seed + "/share/" + value) < share.percentage.value.buckets else { continue }
      }
      guard let (variant, isHashed) = serve(rule.serve.value, flag) else { continue }
      return Result(
        variant: variant, reason: isHashed || isShared ? "SPLIT" : "TARGETING_MATCH", rule: rule.name.value)
    }
    guard let (variant, isHashed) = serve(config.otherwise.value, flag) else {
      return Result(variant: off, reason: "DEFAULT")
    }
    let isStatic = config.requires.isEmpty && config.targets.allSatisfy(\.keys.isEmpty) && config.rules.isEmpty
    return Result(variant: variant, reason: isHashed ? "SPLIT" : isStatic ? "STATIC" : "DEFAULT")
  }

  private func isEnabled(_ config: EnvironmentConfig) -> Bool {
    switch config.enabled.value {
    case .always: true
    case .never: false
    case .between(let from, let until):
      (from.map { $0.value.milliseconds <= now } ?? true) && (until.map { now < $0.value.milliseconds } ?? true)
    }
  }

  // MARK: Serving

  private func hashing(of serve: EnvironmentConfig.Serve) -> EnvironmentConfig.Hashing? {
    switch serve {
    case .variant: nil
    case .split(_, let hashing), .ranges(_, let hashing), .ramp(_, let hashing): hashing
    }
  }

  private func serve(_ serve: EnvironmentConfig.Serve, _ flag: String) -> (String, Bool)? {
    if case .variant(let name) = serve { return (name, false) }
    let hashing = hashing(of: serve)
    guard let value = hashed(hashing?.by?.value ?? "targetingKey") else { return nil }
    let bucket = bucket((hashing?.seed?.value ?? flag) + "/" + value)
    switch serve {
    case .variant: return nil
    case .split(let weights, _):
      var end = 0
      for weight in weights {
        end += weight.percentage.value.buckets
        if bucket < end { return (weight.variant.value, true) }
      }
      return nil
    case .ranges(let allocations, _):
      for allocation in allocations {
        for interval in allocation.intervals
        where interval.from.buckets <= bucket && bucket < interval.to.buckets {
          return (allocation.variant.value, true)
        }
      }
      return nil
    case .ramp(let ramp, _): return (bucket < reached(ramp) ? ramp.variant.value : ramp.from.value, true)
    }
  }

  private func reached(_ ramp: EnvironmentConfig.Ramp) -> Int {
    let steps = ramp.steps.map { (at: $0.at.value.milliseconds, buckets: $0.percentage.value.buckets) }
    guard let index = steps.lastIndex(where: { $0.at <= now }) else { return 0 }
    guard ramp.shape == .linear, index + 1 < steps.count else { return steps[index].buckets }
    let (start, end) = (steps[index], steps[index + 1])
    return start.buckets + Int(Int64(end.buckets - start.buckets) * (now - start.at) / (end.at - start.at))
  }

  private func hashed(_ attribute: String) -> String? {
    switch context[attribute] {
    case .string(let text): text
    case .integer(let number): String(number)
    case .boolean(let value): value ? "true" : "false"
    default: nil
    }
  }

  private func bucket(_ text: String) -> Int { Int((UInt64(Self.murmur3(Array(text.utf8))) * 100_000) >> 32) }

  /// MurmurHash3 x86_32 with seed 0, from its definition.
  private static func murmur3(_ bytes: [UInt8]) -> UInt32 {
    func scrambled(_ block: UInt32) -> UInt32 {
      let product = block &* 0xcc9e_2d51
      return (product << 15 | product >> 17) &* 0x1b87_3593
    }
    func block(_ slice: ArraySlice<UInt8>) -> UInt32 { slice.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    var hash: UInt32 = 0
    let whole = bytes.count / 4 * 4
    for start in stride(from: 0, to: whole, by: 4) {
      hash ^= scrambled(block(bytes[start..<start + 4]))
      hash = (hash << 13 | hash >> 19) &* 5 &+ 0xe654_6b64
    }
    hash ^= scrambled(block(bytes[whole...]))
    hash ^= UInt32(bytes.count)
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
  }

  // MARK: Conditions

  private func holds(_ condition: Condition) -> Bool {
    switch condition {
    case .all(let conditions): conditions.allSatisfy { holds($0.value) }
    case .any(let conditions): conditions.contains { holds($0.value) }
    case .not(let condition): !holds(condition.value)
    case .segment(let keys): keys.contains { isIn($0.value) }
    case .attribute(let test):
      test.tests.allSatisfy {
        holds($0, attribute: test.attribute.value, ignoresCase: test.ignoreCase?.value == true)
      }
    }
  }

  private func isIn(_ key: String) -> Bool {
    let segment = found(tree.segments.first { $0.key == key })
    if case .string(let user) = context["targetingKey"] {
      if segment.exclude.contains(where: { $0.value == user }) { return false }
      if segment.include.contains(where: { $0.value == user }) { return true }
      if let listed = segment.includeFrom,
        String(decoding: listed.bytes, as: UTF8.self).split(separator: "\n").contains(where: { $0 == user })
      {
        return true
      }
    }
    return segment.when.map { holds($0.value) } ?? false
  }

  /// A context's value as its attribute's type has it.
  private enum Typed {
    case text(String)
    case number(Double)
    case flag(Bool)
    case version(String)
    case moment(Int64)
    case address(String)
    case list([String])
  }

  private func value(of attribute: String) -> Typed? {
    if attribute == "now" { return .moment(now) }
    guard let value = context[attribute] else { return nil }
    switch (attribute == "targetingKey" ? .string : found(tree.manifest.attributes[attribute]).type.value, value) {
    case (.string, .string(let text)): return .text(text)
    case (.integer, .integer(let number)), (.number, .integer(let number)): return .number(Double(number))
    case (.integer, .number(let number)): return number == number.rounded() ? .number(number) : nil
    case (.number, .number(let number)): return .number(number)
    case (.boolean, .boolean(let flag)): return .flag(flag)
    case (.version, .string(let text)):
      return text.contains(/^\d+\.\d+\.\d+(-[0-9a-z.]+)?(\+[0-9a-z.]+)?$/) ? .version(text) : nil
    case (.timestamp, .string(let text)): return Self.moment(text).map { .moment($0) }
    case (.ip, .string(let text)): return Self.bits(text) == nil ? nil : .address(text)
    case (.list, .array(let elements)):
      let texts = elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
      return texts.count == elements.count ? .list(texts) : nil
    default: return nil
    }
  }

  private func holds(_ test: AttributeTest.Test, attribute: String, ignoresCase: Bool) -> Bool {
    guard let value = value(of: attribute) else { return test.operation.value == .missing }
    func folded(_ text: String) -> String { ignoresCase ? Self.folded(text) : text }
    func equals(_ operand: Operand) -> Bool {
      switch (value, operand) {
      case (.text(let left), .string(let right)): Array(folded(left).utf8) == Array(folded(right).utf8)
      case (.number(let left), .integer(let right)): left == Double(right)
      case (.number(let left), .number(let right)): left == right
      case (.flag(let left), .boolean(let right)): left == right
      default: order(operand) == 0
      }
    }
    func order(_ operand: Operand) -> Int? {
      switch (value, operand) {
      case (.number(let left), .integer(let right)): Self.compare(left, Double(right))
      case (.number(let left), .number(let right)): Self.compare(left, right)
      case (.moment(let left), .timestamp(let right)): Self.compare(left, right.milliseconds)
      case (.version(let left), .version(let right)): Self.compareVersions(left, right.description)
      case (.address(let left), .address(let right)): Self.bits(left) == Self.bits(right.description) ? 0 : 1
      default: nil
      }
    }
    func has(_ operand: Operand) -> Bool {
      guard case .list(let elements) = value, case .string(let text) = operand else { return false }
      return elements.contains { Array($0.utf8) == Array(text.utf8) }
    }
    let operands = test.operands.map(\.value)
    switch test.operation.value {
    case .exists: return true
    case .missing: return false
    case .in: return operands.contains(where: equals)
    case .notIn: return !operands.contains(where: equals)
    case .lessThan: return found(order(operands[0])) < 0
    case .atMost: return found(order(operands[0])) <= 0
    case .greaterThan: return found(order(operands[0])) > 0
    case .atLeast: return found(order(operands[0])) >= 0
    case .includes: return operands.contains(where: has)
    case .includesAll: return operands.allSatisfy(has)
    case .includesNone: return !operands.contains(where: has)
    case .within:
      guard case .address(let address) = value else { return false }
      return operands.contains { operand in
        guard case .network(let network) = operand else { return false }
        return Self.isWithin(address, network.description)
      }
    case .contains, .startsWith, .endsWith, .matches:
      guard case .text(let text) = value else { return false }
      return operands.contains { operand in
        switch (test.operation.value, operand) {
        case (.matches, .pattern(let pattern)):
          // Foundation's own way to ignore case would find "ss" in "ß".
          return folded(text).range(of: folded(pattern), options: .regularExpression) != nil
        case (.contains, .string(let part)):
          return part.isEmpty || Data(folded(text).utf8).range(of: Data(folded(part).utf8)) != nil
        case (.startsWith, .string(let part)): return folded(text).utf8.starts(with: folded(part).utf8)
        case (.endsWith, .string(let part)):
          return folded(text).utf8.reversed().starts(with: folded(part).utf8.reversed())
        default: return false
        }
      }
    }
  }

  // MARK: Values

  private static func compare<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  /// Unicode's simple case folding of the characters that the tests use.
  private static func folded(_ text: String) -> String {
    let special: [Unicode.Scalar: Unicode.Scalar] = [
      "\u{1e9e}": "ß", "Σ": "σ", "ς": "σ", "Ί": "ί", "Υ": "υ", "Φ": "φ", "Ο": "ο", "\u{212a}": "k",
    ]
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if (0x41...0x5a).contains(scalar.value) {
        result.append(found(Unicode.Scalar(scalar.value + 0x20)))
      } else {
        result.append(special[scalar] ?? scalar)
      }
    }
    return String(result)
  }

  private static func compareVersions(_ left: String, _ right: String) -> Int {
    func parts(_ version: String) -> ([Int], [String]) {
      let withoutBuild = version.split(separator: "+")[0]
      let halves = withoutBuild.split(separator: "-", maxSplits: 1)
      return (
        halves[0].split(separator: ".").map { found(Int($0)) },
        halves.count > 1 ? halves[1].split(separator: ".").map(String.init) : []
      )
    }
    let (leftNumbers, leftMarks) = parts(left)
    let (rightNumbers, rightMarks) = parts(right)
    for (one, other) in zip(leftNumbers, rightNumbers) where one != other { return one < other ? -1 : 1 }
    if leftMarks.isEmpty || rightMarks.isEmpty { return compare(leftMarks.isEmpty ? 1 : 0, rightMarks.isEmpty ? 1 : 0) }
    for (one, other) in zip(leftMarks, rightMarks) where one != other {
      switch (Int(one), Int(other)) {
      case (let one?, let other?): return compare(one, other)
      case (_?, nil): return -1
      case (nil, _?): return 1
      case (nil, nil): return compare(one, other)
      }
    }
    return compare(leftMarks.count, rightMarks.count)
  }

  private static func moment(_ text: String) -> Int64? { moments[text] ?? read(text) }

  /// The instants that the trees ask for, read once: a formatter takes long to make.
  private static let moments = Dictionary(uniqueKeysWithValues: RandomTree.instants.map { ($0, found(read($0))) })

  private static func read(_ text: String) -> Int64? {
    let whole = ISO8601DateFormatter()
    let fractional = ISO8601DateFormatter()
    fractional.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let date = whole.date(from: text) ?? fractional.date(from: text)
    return date.map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) }
  }

  private static func bits(_ address: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, address, &bytes) == 1 { return Array(bytes.prefix(4)) }
    return inet_pton(AF_INET6, address, &bytes) == 1 ? bytes : nil
  }

  private static func isWithin(_ address: String, _ network: String) -> Bool {
    let halves = network.split(separator: "/")
    guard let inside = bits(address), let base = bits(String(halves[0])), inside.count == base.count else {
      return false
    }
    return (0..<found(Int(halves[1]))).allSatisfy { bit in
      let difference: UInt8 = inside[bit / 8] ^ base[bit / 8]
      return difference & (0x80 >> UInt8(bit % 8)) == 0
    }
  }
}

/// The value that has to be there.
private func found<Value>(_ value: Value?) -> Value {
  guard let value else { preconditionFailure("the test's tree is not as it should be") }
  return value
}
