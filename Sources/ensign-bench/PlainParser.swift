internal import Glibc

/// The baseline of loading a snapshot: one pass over the bytes, straight into structs with strings.
///
/// It believes that the document has the members of a snapshot and is otherwise as careful as a reader must be to
/// stay within its bytes: what it does not expect, it refuses.
struct PlainParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  private struct Refusal: Error {}

  /// Parses a whole document.
  static func parse(_ document: [UInt8]) throws(Failure) -> PlainSnapshot {
    do {
      return try document.withUnsafeBufferPointer { bytes in
        var parser = PlainParser(bytes: bytes)
        return try parser.snapshot()
      }
    } catch {
      throw Failure("the plain parser cannot read the snapshot")
    }
  }

  private init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  // MARK: The parts of a snapshot

  private mutating func snapshot() throws -> PlainSnapshot {
    var snapshot = PlainSnapshot()
    try object { parser, name in
      switch name {
      case "attributes": snapshot.attributes = try parser.members { try $0.string() }
      case "environment": snapshot.environment = try parser.string()
      case "flags": snapshot.flags = try parser.members { try $0.flag() }
      case "format": snapshot.format = try parser.integer()
      case "minimumReader": snapshot.minimumReader = try parser.integer()
      case "private": snapshot.hidden = try parser.array { try $0.string() }
      case "project": snapshot.project = try parser.string()
      case "segments": snapshot.segments = try parser.members { try $0.segment() }
      default: throw Refusal()
      }
    }
    return snapshot
  }

  private mutating func flag() throws -> PlainFlag {
    var flag = PlainFlag()
    try object { parser, name in
      switch name {
      case "enabled": try parser.enabled(&flag)
      case "metadata": try parser.metadata(&flag)
      case "off": flag.off = try parser.string()
      case "otherwise": flag.otherwise = try parser.serve()
      case "requires": flag.requires = try parser.array { try $0.requirement() }
      case "rules": flag.rules = try parser.array { try $0.rule() }
      case "targets": flag.targets = try parser.array { try $0.target() }
      case "type": flag.type = try parser.string()
      case "variants": flag.variants = try parser.members { try $0.value() }
      default: throw Refusal()
      }
    }
    return flag
  }

  private mutating func enabled(_ flag: inout PlainFlag) throws {
    guard try peek() == UInt8(ascii: "{") else {
      flag.isEnabled = try boolean()
      return
    }
    flag.isEnabled = true
    try object { parser, name in
      switch name {
      case "from": flag.from = try parser.integer()
      case "until": flag.until = try parser.integer()
      default: throw Refusal()
      }
    }
  }

  private mutating func metadata(_ flag: inout PlainFlag) throws {
    try object { parser, name in
      switch name {
      case "kind": flag.kind = try parser.string()
      case "owner": flag.owner = try parser.string()
      case "tags": flag.tags = try parser.array { try $0.string() }
      default: _ = try parser.value()
      }
    }
  }

  private mutating func requirement() throws -> (flag: String, variants: [String]) {
    var requirement = (flag: "", variants: [String]())
    try object { parser, name in
      switch name {
      case "flag": requirement.flag = try parser.string()
      case "variants": requirement.variants = try parser.array { try $0.string() }
      default: throw Refusal()
      }
    }
    return requirement
  }

  private mutating func target() throws -> (variant: String, keys: [String]) {
    var target = (variant: "", keys: [String]())
    try object { parser, name in
      switch name {
      case "variant": target.variant = try parser.string()
      case "keys": target.keys = try parser.array { try $0.string() }
      default: throw Refusal()
      }
    }
    return target
  }

  private mutating func rule() throws -> PlainRule {
    var rule = PlainRule()
    try object { parser, name in
      switch name {
      case "name": rule.name = try parser.string()
      case "serve": rule.serve = try parser.serve()
      case "share": rule.share = try parser.serve()
      case "when": rule.when = try parser.condition()
      default: throw Refusal()
      }
    }
    return rule
  }

  private mutating func serve() throws -> PlainServe {
    var serve = PlainServe()
    try object { parser, name in
      switch name {
      case "algorithm": serve.algorithm = try parser.string()
      case "buckets": serve.buckets = try parser.integer()
      case "by": serve.by = try parser.string()
      case "from": serve.from = try parser.string()
      case "ramp":
        let ramp = try parser.serve()
        (serve.variant, serve.from, serve.shape, serve.steps) = (ramp.variant, ramp.from, ramp.shape, ramp.steps)
      case "ranges": serve.ranges = try parser.array { try $0.range() }
      case "seed": serve.seed = try parser.string()
      case "shape": serve.shape = try parser.string()
      case "steps": serve.steps = try parser.array { try $0.step() }
      case "variant": serve.variant = try parser.string()
      default: throw Refusal()
      }
    }
    return serve
  }

  private mutating func range() throws -> (variant: String, from: Int, to: Int) {
    try expect("[")
    let variant = try string()
    try expect(",")
    let from = try integer()
    try expect(",")
    let to = try integer()
    try expect("]")
    return (variant, from, to)
  }

  private mutating func step() throws -> (at: Int, buckets: Int) {
    try expect("[")
    let moment = try integer()
    try expect(",")
    let buckets = try integer()
    try expect("]")
    return (moment, buckets)
  }

  private mutating func segment() throws -> PlainSegment {
    var segment = PlainSegment()
    try object { parser, name in
      switch name {
      case "exclude": segment.exclude = try parser.array { try $0.string() }
      case "include": segment.include = try parser.array { try $0.string() }
      case "when": segment.when = try parser.condition()
      default: throw Refusal()
      }
    }
    return segment
  }

  private mutating func condition() throws -> PlainCondition {
    var condition = PlainCondition()
    try object { parser, name in
      switch name {
      case "all": condition.all = try parser.array { try $0.condition() }
      case "any": condition.any = try parser.array { try $0.condition() }
      case "attribute": condition.attribute = try parser.string()
      case "ignoreCase": condition.ignoresCase = try parser.boolean()
      case "not": condition.not = [try parser.condition()]
      case "op": condition.op = try parser.string()
      case "segment": condition.segments = try parser.array { try $0.string() }
      case "values": condition.values = try parser.array { try $0.value() }
      default: throw Refusal()
      }
    }
    return condition
  }

  // MARK: JSON

  private mutating func value() throws -> PlainValue {
    switch try peek() {
    case UInt8(ascii: "{"): return .object(try members { try $0.value() })
    case UInt8(ascii: "["): return .array(try array { try $0.value() })
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean(try boolean())
    case UInt8(ascii: "n"):
      try word("null")
      return .null
    default: return .number(try number())
    }
  }

  private mutating func object(_ member: (inout PlainParser, String) throws -> Void) throws {
    try expect("{")
    guard try peek() != UInt8(ascii: "}") else {
      at += 1
      return
    }
    while true {
      let name = try string()
      try expect(":")
      try member(&self, name)
      guard try peek() == UInt8(ascii: ",") else { return try expect("}") }
      at += 1
    }
  }

  private mutating func members<Value>(_ value: (inout PlainParser) throws -> Value) throws -> [(String, Value)] {
    var members: [(String, Value)] = []
    try object { parser, name in members.append((name, try value(&parser))) }
    return members
  }

  private mutating func array<Element>(_ element: (inout PlainParser) throws -> Element) throws -> [Element] {
    try expect("[")
    var elements: [Element] = []
    guard try peek() != UInt8(ascii: "]") else {
      at += 1
      return elements
    }
    while true {
      elements.append(try element(&self))
      guard try peek() == UInt8(ascii: ",") else {
        try expect("]")
        return elements
      }
      at += 1
    }
  }

  private mutating func string() throws -> String {
    try expect("\"")
    let start = at
    while try peek() != UInt8(ascii: "\"") {
      if bytes[at] == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
      at += 1
    }
    defer { at += 1 }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<at]), as: UTF8.self)
  }

  private mutating func stringWithEscapes(from start: Int) throws -> String {
    var text = Array(bytes[start..<at])
    while try peek() != UInt8(ascii: "\"") {
      let byte = bytes[at]
      at += 1
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      let escape = try peek()
      at += 1
      switch escape {
      case UInt8(ascii: "b"): text.append(8)
      case UInt8(ascii: "t"): text.append(9)
      case UInt8(ascii: "n"): text.append(10)
      case UInt8(ascii: "f"): text.append(12)
      case UInt8(ascii: "r"): text.append(13)
      case UInt8(ascii: "u"): text += Array(String(try escapedScalar()).utf8)
      default: text.append(escape)
      }
    }
    at += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// Canonical JSON escapes control characters alone, so there are no surrogates.
  private mutating func escapedScalar() throws -> Unicode.Scalar {
    guard at + 4 <= bytes.count else { throw Refusal() }
    let digits = String(decoding: bytes[at..<(at + 4)], as: UTF8.self)
    at += 4
    guard let code = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(code) else { throw Refusal() }
    return scalar
  }

  private mutating func integer() throws -> Int {
    let isNegative = try peek() == UInt8(ascii: "-")
    if isNegative { at += 1 }
    var value = 0
    while at < bytes.count, bytes[at] &- 48 < 10, value < 1 << 56 {
      value = value * 10 + Int(bytes[at] - 48)
      at += 1
    }
    return isNegative ? -value : value
  }

  private mutating func number() throws -> Double {
    let start = at
    let whole = try integer()
    let isPart = at < bytes.count && [UInt8(ascii: "."), UInt8(ascii: "e")].contains(bytes[at])
    guard isPart else {
      guard at > start else { throw Refusal() }
      return Double(whole)
    }
    while at < bytes.count, !([UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains(bytes[at])) { at += 1 }
    guard let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)) else { throw Refusal() }
    return value
  }

  private mutating func boolean() throws -> Bool {
    let isTrue = try peek() == UInt8(ascii: "t")
    try word(isTrue ? "true" : "false")
    return isTrue
  }

  private mutating func word(_ text: StaticString) throws {
    guard at + text.utf8CodeUnitCount <= bytes.count, let start = bytes.baseAddress,
      memcmp(start + at, text.utf8Start, text.utf8CodeUnitCount) == 0
    else { throw Refusal() }
    at += text.utf8CodeUnitCount
  }

  private func peek() throws -> UInt8 {
    guard at < bytes.count else { throw Refusal() }
    return bytes[at]
  }

  private mutating func expect(_ byte: Unicode.Scalar) throws {
    guard at < bytes.count, bytes[at] == UInt8(ascii: byte) else { throw Refusal() }
    at += 1
  }
}
