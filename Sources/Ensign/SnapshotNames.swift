/// A list of names of the format, as bytes that live as long as the program.
struct NameList: Sendable {
  nonisolated(unsafe) private let names: UnsafeBufferPointer<StaticText>

  private struct StaticText {
    let start: UnsafePointer<UInt8>
    let count: Int
  }

  init(_ names: [StaticString]) {
    let copy = UnsafeMutableBufferPointer<StaticText>.allocate(capacity: names.count)
    _ = copy.initialize(from: names.map { StaticText(start: $0.utf8Start, count: $0.utf8CodeUnitCount) })
    self.names = UnsafeBufferPointer(copy)
  }

  var count: Int { names.count }

  /// Whether a text is the name at a position.
  @inline(__always)
  func matches(_ text: UnsafePointer<UInt8>, _ count: Int, at position: Int) -> Bool {
    names[position].count == count && memoryIsEqual(names[position].start, text, count)
  }

  /// The position of a text, looked for from a position on, around the end.
  @inline(__always)
  func position(of text: UnsafePointer<UInt8>, _ count: Int, from start: Int = 0) -> Int? {
    var position = start
    repeat {
      if matches(text, count, at: position) { return position }
      position = position &+ 1 == names.count ? 0 : position &+ 1
    } while position != start
    return nil
  }

  /// The name at a position, for messages.
  subscript(position: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: names[position].start, count: names[position].count), as: UTF8.self)
  }

  /// All names, for messages.
  var list: String { names.indices.map { self[$0] }.joined(separator: ", ") }
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
