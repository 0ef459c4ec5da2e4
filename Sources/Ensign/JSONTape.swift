/// A JSON document as a flat list of tokens over its own bytes: what the reader makes, and what everything else is made
/// from.
///
/// An array or an object is followed by its content, and knows where that ends; in an object keys and values alternate.
/// No text is copied until somebody asks for it.
package struct JSONTape: Sendable {
  /// The document.
  package let bytes: [UInt8]
  /// The tokens, the document's value first.
  package let tokens: [Token]

  /// What a token is.
  package enum Kind: UInt8, Sendable {
    case null
    case no
    case yes
    /// A number without fraction and exponent, however long.
    case integer
    /// A number with a fraction or an exponent.
    case number
    case string
    case array
    case object
  }

  /// One token, in 64 bits: kind (3), whether a string has escapes or an array or object is flat (1), offset (30),
  /// extent (30).
  package struct Token: Sendable {
    private let bits: UInt64

    /// The largest offset, length or number of tokens that fits.
    static let maximum = 1 << 30 - 1

    init(_ kind: Kind, offset: Int, extent: Int = 0, isMarked: Bool = false) {
      bits =
        UInt64(kind.rawValue) | (isMarked ? 8 : 0) | UInt64(truncatingIfNeeded: offset) << 4
        | UInt64(truncatingIfNeeded: extent) << 34
    }

    /// What it is.
    package var kind: Kind {
      // Three bits, and eight cases with the raw values 0 to 7: each pattern is a case.
      unsafeBitCast(UInt8(truncatingIfNeeded: bits & 7), to: Kind.self)
    }
    /// Whether a string has a backslash in it.
    package var hasEscapes: Bool { bits & 8 != 0 }
    /// Whether an array or object has no other one in it, so that its tokens are its elements, or its keys and values.
    var isFlat: Bool { bits & 8 != 0 }
    /// Its first byte in the document; of a string, the first after the quotation mark.
    package var offset: Int { Int(truncatingIfNeeded: bits >> 4 & 0x3fff_ffff) }
    /// The length in bytes of a number or of a string as written; for an array or object, the index after its last
    /// token.
    package var extent: Int { Int(truncatingIfNeeded: bits >> 34) }

    /// The index of the token after the value that begins with this one.
    func end(at index: Int) -> Int { kind == .array || kind == .object ? extent : index + 1 }
  }

  /// The tokens and the bytes where they lie in memory, which is that of whoever has them.
  struct View {
    let tokens: UnsafeBufferPointer<Token>
    let bytes: UnsafeBufferPointer<UInt8>
  }

  /// Calls `body` with where everything lies, which is valid only there.
  func withView<Result, Failure: Error>(_ body: (View) throws(Failure) -> Result) throws(Failure) -> Result {
    try tokens.withUnsafeBufferPointer { tokens throws(Failure) in
      try bytes.withUnsafeBufferPointer { bytes throws(Failure) in try body(View(tokens: tokens, bytes: bytes)) }
    }
  }

  /// The index of the token after the value that begins at `index`.
  package func end(of index: Int) -> Int { tokens[index].end(at: index) }

  /// The text of a string token, escapes resolved.
  package func string(at index: Int) -> String { withView { $0.string(at: index) } }

  /// An integer token's value, when it fits 64 bits.
  package func integer(at index: Int) -> Int64? { withView { $0.integer(at: index) } }

  /// The double nearest to a number token's text.
  package func number(at index: Int) -> Double { withView { $0.number(at: index) } }

  /// The value that begins at a token.
  package func value(at index: Int = 0) -> JSONValue { withView { $0.value(at: index) } }
}

extension JSONTape.View {
  /// The bytes of a string or number token as they are written.
  func raw(_ token: JSONTape.Token) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[token.offset..<(token.offset + token.extent)])
  }

  private func end(of index: Int) -> Int { tokens[index].end(at: index) }

  /// The text of a string token, escapes resolved.
  func string(at index: Int) -> String {
    let token = tokens[index]
    guard token.hasEscapes else { return String(decoding: raw(token), as: UTF8.self) }
    var text: [UInt8] = []
    JSONTape.unescape(raw(token), into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// An integer token's value, when it fits 64 bits.
  func integer(at index: Int) -> Int64? {
    let token = tokens[index]
    return token.kind == .integer ? JSONTape.integer(raw(token)) : nil
  }

  /// The double nearest to a number token's text.
  func number(at index: Int) -> Double {
    // The reader has read this very text as a finite number.
    Double(String(decoding: raw(tokens[index]), as: UTF8.self)) ?? 0
  }

  /// The value that begins at a token.
  func value(at index: Int = 0) -> JSONValue {
    let token = tokens[index]
    switch token.kind {
    case .null: return .null
    case .no: return .boolean(false)
    case .yes: return .boolean(true)
    case .string: return .string(string(at: index))
    case .number: return .number(number(at: index))
    case .integer:
      if let integer = integer(at: index), JSONValue.integers.contains(integer) { return .integer(integer) }
      return .number(number(at: index))
    case .array:
      var elements: [JSONValue] = []
      var child = index + 1
      while child < token.extent {
        elements.append(value(at: child))
        child = end(of: child)
      }
      return .array(elements)
    case .object:
      var members: [JSONValue.Member] = []
      var child = index + 1
      while child < token.extent {
        members.append(JSONValue.Member(key: string(at: child), value: value(at: child + 1)))
        child = end(of: child + 1)
      }
      return .object(members)
    }
  }
}

// MARK: - On bytes

extension JSONTape {
  /// Reads digits after an optional minus sign; nil when the number does not fit.
  static func integer(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
    let isNegative = text.first == UInt8(ascii: "-")
    var magnitude: UInt64 = 0
    for digit in text[(isNegative ? 1 : 0)...] {
      let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit &- UInt8(ascii: "0")))
      if overflow || carry { return nil }
      magnitude = sum
    }
    if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
    return Int64(exactly: magnitude)
  }

  /// Appends the text of a string that the reader accepted, its escapes resolved.
  static func unescape(_ raw: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
    var index = 0
    while index < raw.count {
      guard raw[index] == UInt8(ascii: "\\") else {
        text.append(raw[index])
        index += 1
        continue
      }
      switch raw[index + 1] {
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0c)
      case UInt8(ascii: "n"): text.append(0x0a)
      case UInt8(ascii: "r"): text.append(0x0d)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "u"):
        var scalar = hexadecimal(raw, at: index + 2)
        index += 4
        if scalar & 0xfc00 == 0xd800 {
          scalar = 0x10000 + (scalar & 0x3ff) << 10 + hexadecimal(raw, at: index + 4) & 0x3ff
          index += 6
        }
        append(scalar, to: &text)
      case let same: text.append(same)
      }
      index += 2
    }
  }

  private static func hexadecimal(_ raw: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
    raw[index..<(index + 4)].reduce(0) { $0 << 4 | UInt32($1.hexadecimalValue ?? 0) }
  }

  private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3f) }
    switch scalar {
    case ..<0x80: text.append(UInt8(scalar))
    case ..<0x800: text += [UInt8(0xc0 | scalar >> 6), continuation(0)]
    case ..<0x10000: text += [UInt8(0xe0 | scalar >> 12), continuation(6), continuation(0)]
    default: text += [UInt8(0xf0 | scalar >> 18), continuation(12), continuation(6), continuation(0)]
    }
  }
}
