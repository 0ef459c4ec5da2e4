/// A writer of RFC 8785 (JCS) bytes.
///
/// It writes commas, escapes and numbers; the caller opens and closes, and hands over the members of an object in the
/// order of their names (``precedes(_:_:)``).
package struct CanonicalJSON: Sendable {
  /// What was written so far.
  package private(set) var bytes: [UInt8] = []

  /// Whether a comma stands before what comes next: a value was written, and no name or bracket after it.
  private var followsValue = false

  /// A writer of nothing yet.
  package init() {}

  /// A writer with room for an expected number of bytes.
  package init(capacity: Int) { bytes.reserveLargePages(for: capacity) }

  /// Forgets what was written, and keeps its memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    followsValue = false
  }

  /// Begins a list of members that stands for itself, without a comma before its first one.
  package mutating func beginMembers() { followsValue = false }

  /// Opens an object.
  package mutating func beginObject() {
    separate()
    bytes.append(UInt8(ascii: "{"))
    followsValue = false
  }

  /// Closes an object.
  package mutating func endObject() {
    bytes.append(UInt8(ascii: "}"))
    followsValue = true
  }

  /// Opens an array.
  package mutating func beginArray() {
    separate()
    bytes.append(UInt8(ascii: "["))
    followsValue = false
  }

  /// Closes an array.
  package mutating func endArray() {
    bytes.append(UInt8(ascii: "]"))
    followsValue = true
  }

  /// Writes the name of the next member.
  package mutating func key(_ name: String) {
    quote(name, closing: UInt8(ascii: ":"))
    followsValue = false
  }

  /// Writes the name of the next member: one of the format's own, which has nothing to escape.
  package mutating func key(literal name: StaticString) {
    bytes.append(addingCapacity: name.utf8CodeUnitCount + 4) { output in
      if followsValue { output.append(UInt8(ascii: ",")) }
      output.append(UInt8(ascii: "\""))
      output.withUnsafeMutableBufferPointer { buffer, count in
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        _ = buffer[count...].initialize(fromContentsOf: name)
        count += name.count
      }
      output.append(UInt8(ascii: "\""))
      output.append(UInt8(ascii: ":"))
    }
    followsValue = false
  }

  /// Writes `null`.
  package mutating func appendNull() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes `true` or `false`.
  package mutating func append(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  /// Writes a string.
  package mutating func append(_ value: String) {
    quote(value, closing: nil)
    followsValue = true
  }

  /// Writes an integer.
  ///
  /// RFC 8785 knows doubles only: beyond 2^53 − 1 the nearest one is written.
  package mutating func append(_ value: Int64) {
    guard JSONValue.integers.contains(value) else { return append(Double(value)) }
    separate()
    appendDigits(value)
  }

  /// Writes an integer.
  package mutating func append(_ value: Int) { append(Int64(value)) }

  /// Writes a number as ECMAScript does.
  ///
  /// It is finite: JSON has no other numbers.
  package mutating func append(_ value: Double) {
    precondition(value.isFinite, "JSON has no infinities")
    separate()
    ECMAScriptNumber.append(value, to: &bytes)
  }

  /// Writes a value with all it holds, the members of objects in canonical order.
  package mutating func append(_ value: JSONValue) {
    switch value {
    case .null: appendNull()
    case .boolean(let value): append(value)
    case .integer(let value): append(value)
    case .number(let value): append(value)
    case .string(let value): append(value)
    case .array(let elements):
      beginArray()
      for element in elements { append(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in Self.sorted(members) {
        key(member.key)
        append(member.value)
      }
      endObject()
    }
  }

  /// Writes a value that is canonical JSON already.
  package mutating func append(canonical value: [UInt8]) { append(canonical: value[...]) }

  /// Writes a value that is canonical JSON already.
  package mutating func append(canonical value: ArraySlice<UInt8>) {
    separate()
    bytes.append(contentsOf: value)
  }

  /// Whether a name comes before another: by UTF-16 code units, as RFC 8785 section 3.2.3 has it.
  package static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8) { rank($0) < rank($1) }
  }

  /// Where a byte sorts.
  ///
  /// UTF-8 bytes sort by code point. UTF-16 differs in one place: what takes two units there (leads F0 to F4) comes
  /// before U+E000 to U+FFFF (leads EE and EF), which move up.
  private static func rank(_ byte: UInt8) -> UInt8 { byte & 0xfe == 0xee ? byte | 0x10 : byte }

  /// The members in the order of their names; canonical documents have them so already.
  private static func sorted(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
    let isSorted = zip(members, members.dropFirst()).allSatisfy { precedes($0.key, $1.key) }
    return isSorted ? members : members.sorted { precedes($0.key, $1.key) }
  }

  /// Writes the comma, unless what comes is the first of its kind, and takes what comes for a value.
  private mutating func separate() {
    if followsValue { bytes.append(UInt8(ascii: ",")) }
    followsValue = true
  }

  /// Writes the comma, a string, and what stands behind it, in one go: strings are most of every document.
  private mutating func quote(_ text: String, closing: UInt8?) {
    var text = text
    text.withUTF8 { utf8 in
      guard !Self.isEscaped(UnsafeRawBufferPointer(utf8)) else { return quoteEscaping(utf8.span, closing: closing) }
      bytes.append(addingCapacity: utf8.count + 4) { output in
        if followsValue { output.append(UInt8(ascii: ",")) }
        output.append(UInt8(ascii: "\""))
        output.withUnsafeMutableBufferPointer { buffer, count in
          _ = buffer[count...].initialize(fromContentsOf: utf8)
          count += utf8.count
        }
        output.append(UInt8(ascii: "\""))
        if let closing { output.append(closing) }
      }
    }
  }

  private mutating func quoteEscaping(_ utf8: Span<UInt8>, closing: UInt8?) {
    if followsValue { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    for index in utf8.indices {
      if Self.isEscaped(utf8[index]) { appendEscape(utf8[index]) } else { bytes.append(utf8[index]) }
    }
    bytes.append(UInt8(ascii: "\""))
    if let closing { bytes.append(closing) }
  }

  /// Whether any byte of a string is escaped: eight are looked at at once.
  private static func isEscaped(_ utf8: UnsafeRawBufferPointer) -> Bool {
    guard utf8.count >= 8 else { return utf8.contains(where: isEscaped) }
    var offset = 0
    while offset < utf8.count - 8 {
      if hasEscaped(utf8.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) { return true }
      offset += 8
    }
    return hasEscaped(utf8.loadUnaligned(fromByteOffset: utf8.count - 8, as: UInt64.self))
  }

  /// Whether any of eight bytes is escaped.
  private static func hasEscaped(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quotationMarks = word ^ ones &* UInt64(UInt8(ascii: "\""))
    let backslashes = word ^ ones &* UInt64(UInt8(ascii: "\\"))
    // A byte less than n has its high bit set in word - n and not in word, where no lesser byte borrows from it.
    let controls = (word &- ones &* 0x20) & ~word
    let others = (quotationMarks &- ones) & ~quotationMarks | (backslashes &- ones) & ~backslashes
    return (controls | others) & (ones &* 0x80) != 0
  }

  private static func isEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func appendEscape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x0a: bytes.append(UInt8(ascii: "n"))
    case 0x0c: bytes.append(UInt8(ascii: "f"))
    case 0x0d: bytes.append(UInt8(ascii: "r"))
    case ..<0x20:
      bytes.append(contentsOf: byte < 0x10 ? "u000".utf8 : "u001".utf8)
      let digit = byte & 0x0f
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    default: bytes.append(byte)
    }
  }

  private mutating func appendDigits(_ value: Int64) {
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var rest = value.magnitude
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    if bytes.count > start + 1 { bytes[start...].reverse() }
  }
}
