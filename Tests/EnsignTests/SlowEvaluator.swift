import Foundation

@testable import Ensign

/// Design 01's "Evaluation, exactly", read off the snapshot's JSON word by word: slow, and shares nothing with the
/// evaluator but the values it is given.
struct SlowEvaluator {
  let snapshot: JSONValue
  let context: [(String, Context.Value)]
  let now: Int64
  var forcedBucket: Int?

  struct Verdict: Equatable {
    var variant: String
    var reason: String
    var decidedBy: String
    var bucket: Int?
  }

  func evaluate(_ key: String) -> Verdict? {
    guard let flag = snapshot["flags"]?[key], let off = flag["off"]?.string else { return nil }
    guard isEnabled(flag["enabled"]) else { return Verdict(variant: off, reason: "DISABLED", decidedBy: "disabled") }
    for requirement in flag["requires"]?.array ?? [] {
      let served = evaluate(requirement["flag"]?.string ?? "")?.variant
      guard requirement["variants"]?.array?.contains(where: { $0.string == served }) == true else {
        return Verdict(variant: off, reason: "PREREQUISITE_FAILED", decidedBy: "requires")
      }
    }
    if case .string(let key) = value("targetingKey") {
      for target in flag["targets"]?.array ?? [] where contains(target["keys"], key) {
        return Verdict(variant: target["variant"]?.string ?? "", reason: "TARGETING_MATCH", decidedBy: "targets")
      }
    }
    for rule in flag["rules"]?.array ?? [] {
      if let verdict = evaluate(rule: rule) { return verdict }
    }
    guard let otherwise = flag["otherwise"] else { return nil }
    if let variant = otherwise["variant"]?.string {
      let isStatic = flag["requires"] == nil && flag["targets"] == nil && flag["rules"] == nil
      return Verdict(variant: variant, reason: isStatic ? "STATIC" : "DEFAULT", decidedBy: "otherwise")
    }
    guard let (variant, bucket) = serve(otherwise) else {
      return Verdict(variant: off, reason: "DEFAULT", decidedBy: "otherwise")
    }
    return Verdict(variant: variant, reason: "SPLIT", decidedBy: "otherwise", bucket: bucket)
  }

  private func isEnabled(_ enabled: JSONValue?) -> Bool {
    if let always = enabled?.boolean { return always }
    return now >= enabled?["from"]?.integer ?? .min && now < enabled?["until"]?.integer ?? .max
  }

  private func evaluate(rule: JSONValue) -> Verdict? {
    if let when = rule["when"], !holds(when) { return nil }
    let name = rule["name"]?.string ?? ""
    var shareBucket: Int?
    if let share = rule["share"] {
      guard let bucket = bucket(share, infix: "/share/"), bucket < share["buckets"]?.integer ?? 0 else { return nil }
      shareBucket = bucket
    }
    guard let serve = rule["serve"] else { return nil }
    if let variant = serve["variant"]?.string {
      let reason = shareBucket == nil ? "TARGETING_MATCH" : "SPLIT"
      return Verdict(variant: variant, reason: reason, decidedBy: name, bucket: shareBucket)
    }
    guard let (variant, bucket) = self.serve(serve) else { return nil }
    return Verdict(variant: variant, reason: "SPLIT", decidedBy: name, bucket: bucket)
  }

  private func serve(_ serve: JSONValue) -> (String, Int)? {
    guard let bucket = bucket(serve, infix: "/") else { return nil }
    if let ramp = serve["ramp"] {
      return (bucket < ramped(ramp) ? ramp["variant"]?.string ?? "" : ramp["from"]?.string ?? "", bucket)
    }
    for range in serve["ranges"]?.array ?? [] {
      if bucket >= range[1]?.integer ?? 0, bucket < range[2]?.integer ?? 0 { return (range[0]?.string ?? "", bucket) }
    }
    return nil
  }

  private func ramped(_ ramp: JSONValue) -> Int64 {
    let steps = (ramp["steps"]?.array ?? []).map { ($0[0]?.integer ?? 0, $0[1]?.integer ?? 0) }
    guard let past = steps.lastIndex(where: { $0.0 <= now }) else { return 0 }
    guard ramp["shape"]?.string == "linear", past + 1 < steps.count else { return steps[past].1 }
    let (start, from) = steps[past]
    let (end, to) = steps[past + 1]
    return from + (to - from) * (now - start) / (end - start)
  }

  private func bucket(_ hash: JSONValue, infix: String) -> Int? {
    let text: String
    switch value(hash["by"]?.string ?? "") {
    case .string(let value): text = value
    case .integer(let value): text = "\(value)"
    case .boolean(let value): text = value ? "true" : "false"
    default: return nil
    }
    if let forcedBucket { return forcedBucket }
    let murmur = Self.murmur(Array(((hash["seed"]?.string ?? "") + infix + text).utf8))
    return Int((UInt64(murmur) * 100_000) >> 32)
  }

  /// MurmurHash3 x86_32, seed 0, from its published description.
  static func murmur(_ bytes: [UInt8]) -> UInt32 {
    func rotated(_ word: UInt32, _ by: UInt32) -> UInt32 { word << by | word >> (32 - by) }
    var hash: UInt32 = 0
    var padded = bytes
    while padded.count % 4 != 0 { padded.append(0) }
    for block in stride(from: 0, to: padded.count, by: 4) {
      var word: UInt32 = 0
      for byte in 0..<4 { word += UInt32(padded[block + byte]) << UInt32(8 * byte) }
      hash ^= rotated(word &* 0xcc9e_2d51, 15) &* 0x1b87_3593
      if block + 4 <= bytes.count { hash = rotated(hash, 13) &* 5 &+ 0xe654_6b64 }
    }
    hash ^= UInt32(bytes.count)
    hash = (hash ^ hash >> 16) &* 0x85eb_ca6b
    hash = (hash ^ hash >> 13) &* 0xc2b2_ae35
    return hash ^ hash >> 16
  }

  private func value(_ name: String) -> Context.Value? {
    name == "now" ? .timestamp(Timestamp(milliseconds: now)) : context.last { same($0.0, name) }?.1
  }
}

// MARK: - Conditions

extension SlowEvaluator {
  func holds(_ condition: JSONValue) -> Bool {
    if let all = condition["all"]?.array { return all.allSatisfy(holds) }
    if let any = condition["any"]?.array { return any.contains(where: holds) }
    if let not = condition["not"] { return !holds(not) }
    if let segments = condition["segment"]?.array { return segments.contains { isMember($0.string ?? "") } }
    let name = condition["attribute"]?.string ?? ""
    let type =
      name == "targetingKey" ? "string" : name == "now" ? "timestamp" : snapshot["attributes"]?[name]?.string ?? ""
    let op = condition["op"]?.string ?? ""
    guard let value = value(name), let typed = Typed(value, type) else { return op == "missing" }
    if op == "exists" { return true }
    if op == "missing" { return false }
    let ignoreCase = condition["ignoreCase"]?.boolean ?? false
    return typed.holds(op, condition["values"]?.array ?? [], ignoreCase: ignoreCase)
  }

  private func isMember(_ key: String) -> Bool {
    guard let segment = snapshot["segments"]?[key] else { return false }
    if case .string(let key) = value("targetingKey") {
      if contains(segment["exclude"], key) { return false }
      if contains(segment["include"], key) { return true }
    }
    return segment["when"].map(holds) ?? false
  }

  private func contains(_ list: JSONValue?, _ text: String) -> Bool {
    list?.array?.contains { same($0.string ?? "", text) } ?? false
  }
}

private func same(_ left: String, _ right: String) -> Bool { Array(left.utf8) == Array(right.utf8) }

/// A context's value as a value of an attribute's type.
private enum Typed {
  case text(String)
  case list([String])
  case number(Double)
  case integer(Int64)
  case boolean(Bool)
  case version([String])
  case address([UInt8])

  init?(_ value: Context.Value, _ type: String) {
    switch (type, value) {
    case ("string", .string(let text)): self = .text(text)
    case ("list", .list(let list)): self = .list(list)
    case ("number", .number(let number)) where number.isFinite: self = .number(number)
    case ("number", .integer(let integer)): self = .number(Double(integer))
    case ("integer", .integer(let integer)): self = .integer(integer)
    case ("integer", .number(let number)):
      guard let integer = Int64(exactly: number) else { return nil }
      self = .integer(integer)
    case ("boolean", .boolean(let boolean)): self = .boolean(boolean)
    case ("timestamp", .timestamp(let timestamp)): self = .integer(timestamp.milliseconds)
    case ("timestamp", .string(let text)):
      guard let date = try? Date(text, strategy: .iso8601) else { return nil }
      // A date is a double: a hundredth of a millisecond makes up for what it lacks to a whole one.
      self = .integer(Int64((date.timeIntervalSince1970 * 1000 + 0.01).rounded(.down)))
    case ("version", .string(let text)):
      guard let version = Self.version(text) else { return nil }
      self = .version(version)
    case ("ip", .string(let text)):
      guard let address = Self.address(text) else { return nil }
      self = .address(address)
    default: return nil
    }
  }

  func holds(_ op: String, _ values: [JSONValue], ignoreCase: Bool) -> Bool {
    switch op {
    case "in": return values.contains(where: equals(ignoreCase))
    case "notIn": return !values.contains(where: equals(ignoreCase))
    case "within": return values.contains { lies(in: $0.string ?? "") }
    case "lessThan": return order(values[0]) < 0
    case "atMost": return order(values[0]) <= 0
    case "greaterThan": return order(values[0]) > 0
    case "atLeast": return order(values[0]) >= 0
    case "includes", "includesAll", "includesNone":
      guard case .list(let list) = self else { return false }
      let found = values.filter { value in list.contains { same($0, value.string ?? "") } }.count
      return op == "includes" ? found > 0 : op == "includesNone" ? found == 0 : found == values.count
    default:
      guard case .text(let text) = self, let operand = values[0].string else { return false }
      return holds(op, text, operand, ignoreCase)
    }
  }

  private func holds(_ op: String, _ text: String, _ operand: String, _ ignoreCase: Bool) -> Bool {
    let bytes = Array((ignoreCase ? text.lowercased() : text).utf8)
    let part = Array(operand.utf8)
    switch op {
    case "startsWith": return bytes.starts(with: part)
    case "endsWith": return bytes.reversed().starts(with: part.reversed())
    case "contains":
      return part.isEmpty || bytes.indices.contains { Array(bytes[$0...].prefix(part.count)) == part }
    default:
      let options: NSRegularExpression.Options = ignoreCase ? .caseInsensitive : []
      guard let pattern = try? NSRegularExpression(pattern: operand, options: options) else { return false }
      return pattern.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
  }

  private func equals(_ ignoreCase: Bool) -> (JSONValue) -> Bool {
    { value in
      switch self {
      case .text(let text): same(ignoreCase ? text.lowercased() : text, value.string ?? "")
      case .number(let number): number == value.number
      case .integer(let integer): integer == value.integer
      case .boolean(let boolean): boolean == value.boolean
      case .version: order(value) == 0
      case .address(let address): address == Self.address(value.string ?? "")
      case .list: false
      }
    }
  }

  private func order(_ value: JSONValue) -> Int {
    switch self {
    case .number(let number): Self.order(number, value.number ?? 0)
    case .integer(let integer): Self.order(integer, value.integer ?? 0)
    case .version(let version): Self.order(version, Self.version(value.string ?? "") ?? [])
    default: 0
    }
  }

  private static func order<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
    left < right ? -1 : left > right ? 1 : 0
  }

  /// The three numbers and the identifiers of the pre-release.
  private static func version(_ text: String) -> [String]? {
    let core = /(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)/
    let identifier = /(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)/
    let whole = /^([0-9.]+)(?:-([^+]*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/
    guard let match = text.wholeMatch(of: whole), let numbers = match.1.wholeMatch(of: core) else { return nil }
    let identifiers = match.2?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    guard identifiers.allSatisfy({ $0.wholeMatch(of: identifier) != nil }) else { return nil }
    return [numbers.1, numbers.2, numbers.3].map(String.init) + identifiers.map(String.init)
  }

  /// Section 11 of SemVer 2.0.
  private static func order(_ left: [String], _ right: [String]) -> Int {
    for (one, other) in zip(left.prefix(3), right.prefix(3)) where one != other {
      return order(Int(one) ?? 0, Int(other) ?? 0)
    }
    if (left.count == 3) != (right.count == 3) { return left.count == 3 ? 1 : -1 }
    for (one, other) in zip(left, right) where one != other {
      switch (Int(one), Int(other)) {
      case (let one?, let other?): return order(one, other)
      case (_?, nil): return -1
      case (nil, _?): return 1
      case (nil, nil): return one < other ? -1 : 1
      }
    }
    return order(left.count, right.count)
  }

  private static func address(_ text: String) -> [UInt8]? {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: count)
      if inet_pton(family, text, &bytes) == 1 { return bytes }
    }
    return nil
  }

  private func lies(in network: String) -> Bool {
    let parts = network.split(separator: "/")
    guard case .address(let address) = self, let base = Self.address(String(parts[0])), let length = Int(parts[1]),
      base.count == address.count
    else { return false }
    func bits(_ bytes: [UInt8]) -> [Bool] { bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } } }
    return bits(base).prefix(length) == bits(address).prefix(length)
  }
}
