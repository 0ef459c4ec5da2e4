/// A text of 16 bytes at most in two words, what is left of them zero: compared at once, whatever its length.
///
/// No text of a document that the reader of JSON accepted has a byte of zero.
struct ShortText: Equatable {
  private let low: UInt64
  private let high: UInt64

  /// The most bytes there can be.
  static let capacity = 16

  /// The text of `count` bytes at a place, of which 16 bytes can be read; nil when it is longer.
  @inline(__always)
  init?(_ start: UnsafeRawPointer, _ count: Int) {
    guard count <= Self.capacity else { return nil }
    // Smart shifts: by all 64 bits, they leave nothing.
    low = UInt64(littleEndian: start.loadUnaligned(as: UInt64.self)) & ~(.max << UInt64(count &* 8))
    let second = UInt64(littleEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    high = second & ~(.max << UInt64(max(count &- 8, 0) &* 8))
  }

  @inline(__always)
  static func == (left: ShortText, right: ShortText) -> Bool {
    (left.low ^ right.low) | (left.high ^ right.high) == 0
  }
}

/// A list of names of the format, as bytes that live as long as the program.
struct NameList: Sendable {
  nonisolated(unsafe) private let texts: UnsafeBufferPointer<ShortText>
  private let names: [StaticString]

  init(_ names: [StaticString]) {
    self.names = names
    let texts = UnsafeMutableBufferPointer<ShortText>.allocate(capacity: names.count)
    for (index, name) in names.enumerated() {
      guard let text = ShortText(name) else { preconditionFailure("a name of the format has 16 bytes at most") }
      texts.initializeElement(at: index, to: text)
    }
    self.texts = UnsafeBufferPointer(texts)
  }

  var count: Int { texts.count }

  /// The position of a text, looked for from a position on, around the end.
  @inline(__always)
  func position(of text: ShortText, from start: Int = 0) -> Int? {
    var position = start
    repeat {
      if texts[position] == text { return position }
      position = position &+ 1 == texts.count ? 0 : position &+ 1
    } while position != start
    return nil
  }

  /// The name at a position, for messages.
  subscript(position: Int) -> String { "\(names[position])" }

  /// All names, for messages.
  var list: String { names.indices.map { self[$0] }.joined(separator: ", ") }
}

extension ShortText {
  /// The text of a name of the format.
  fileprivate init?(_ name: StaticString) {
    let bytes = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    let text = withUnsafeTemporaryAllocation(byteCount: Self.capacity, alignment: 8) { room -> ShortText? in
      guard bytes.count <= room.count, let start = room.baseAddress else { return nil }
      room.copyBytes(from: bytes)
      return ShortText(UnsafeRawPointer(start), bytes.count)
    }
    guard let text else { return nil }
    self = text
  }
}

extension NameList: ExpressibleByArrayLiteral {
  init(arrayLiteral elements: StaticString...) { self.init(elements) }
}

/// The members that the snapshot format knows, object by object, each list in ascending order.
///
/// The position of a name in its list is that of its value in what ``SnapshotLoader/members(of:_:)`` returns; the
/// constants beside a list name the positions.
enum SnapshotNames {
  static let top: NameList = [
    "attributes", "environment", "flags", "format", "minimumReader", "private", "project", "segments",
  ]
  enum Top {
    static let attributes = 0
    static let environment = 1
    static let flags = 2
    static let format = 3
    static let minimumReader = 4
    static let privateAttributes = 5
    static let project = 6
    static let segments = 7
  }

  static let flag: NameList = [
    "enabled", "metadata", "off", "otherwise", "requires", "rules", "targets", "type", "variants",
  ]
  enum Flag {
    static let enabled = 0
    static let metadata = 1
    static let off = 2
    static let otherwise = 3
    static let requires = 4
    static let rules = 5
    static let targets = 6
    static let type = 7
    static let variants = 8
  }

  static let window: NameList = ["from", "until"]
  static let metadata: NameList = ["kind", "owner", "tags"]
  static let requirement: NameList = ["flag", "variants"]
  static let target: NameList = ["keys", "variant"]
  static let rule: NameList = ["name", "serve", "share", "when"]
  static let share: NameList = ["algorithm", "buckets", "by", "seed"]
  static let ramp: NameList = ["from", "shape", "steps", "variant"]
  static let segment: NameList = ["exclude", "include", "when"]

  static let serve: NameList = ["algorithm", "by", "ramp", "ranges", "seed", "variant"]
  enum Serve {
    static let algorithm = 0
    static let by = 1
    static let ramp = 2
    static let ranges = 3
    static let seed = 4
    static let variant = 5
  }

  static let condition: NameList = ["all", "any", "attribute", "ignoreCase", "not", "op", "segment", "values"]
  enum Condition {
    static let all = 0
    static let any = 1
    static let attribute = 2
    static let ignoreCase = 3
    static let not = 4
    static let op = 5
    static let segment = 6
    static let values = 7

    /// Whether a member says what kind of condition it is.
    static func isForm(_ place: Int) -> Bool { place != ignoreCase && place != op && place != values }
  }

  /// The words for types and operators, in the order of the cases of their enumerations.
  static let attributeTypes: NameList = [
    "string", "integer", "number", "boolean", "version", "timestamp", "ip", "list",
  ]
  static let flagTypes: NameList = ["boolean", "string", "integer", "number", "object"]
  static let operators: NameList = [
    "contains", "endsWith", "exists", "greaterThan", "includes", "includesAll", "includesNone", "in", "atLeast",
    "atMost", "lessThan", "matches", "missing", "notIn", "startsWith", "within",
  ]
}
