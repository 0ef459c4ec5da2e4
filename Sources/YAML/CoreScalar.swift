/// What a scalar means by the core schema of YAML 1.2 (specification, section 10.3.2).
///
/// So `on`, `yes` and `NO` are strings, `012` is twelve, `0o14` too, and only the spellings `true`, `True`, `TRUE` and
/// those of `false` are Booleans.
public enum CoreScalar: Hashable, Sendable {
  /// `null`, `Null`, `NULL`, `~` or nothing at all.
  case null
  /// A Boolean.
  case bool(Bool)
  /// An integer in decimal, or in octal after `0o`, or in hexadecimal after `0x`.
  ///
  /// One that does not fit 64 bits is a ``number(_:)``, the nearest double.
  case integer(Int64)
  /// A number with a fraction or an exponent, `.inf`, `.nan`. A decimal number beyond the range of doubles is infinite.
  case number(Double)
  /// Anything else, and everything in quotes and every block scalar.
  case string

  /// Reads the text of a plain (unquoted) scalar.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  public init(plain text: String) {
    var text = text
    self = text.withUTF8 { unsafe CoreScalar(plain: $0) }
  }

  init(plain text: UnsafeBufferPointer<UInt8>) {
    guard let first = unsafe text.first else {
      self = .null
      return
    }
    // Most plain scalars are words: tell them from numbers and the few reserved words by their first byte.
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      self = unsafe Self.number(text) ?? .string
    case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "~"), UInt8(ascii: "t"), UInt8(ascii: "T"),
      UInt8(ascii: "f"), UInt8(ascii: "F"):
      self = unsafe text.count > 5 ? .string : Self.word(text)
    default:
      self = .string
    }
  }

  /// Compares bytes: this is asked of every word that begins as one of these, and of every Boolean.
  private static func word(_ text: UnsafeBufferPointer<UInt8>) -> CoreScalar {
    for (word, value) in Self.words where word.utf8CodeUnitCount == text.count {
      if word.withUTF8Buffer({ unsafe $0.elementsEqual(text) }) { return value }
    }
    return .string
  }

  private static let words: [(StaticString, CoreScalar)] = [
    ("true", .bool(true)), ("false", .bool(false)), ("null", .null), ("~", .null),
    ("True", .bool(true)), ("TRUE", .bool(true)), ("False", .bool(false)), ("FALSE", .bool(false)),
    ("Null", .null), ("NULL", .null),
  ]

  private static func number(_ text: UnsafeBufferPointer<UInt8>) -> CoreScalar? {
    let string = unsafe String(decoding: text, as: UTF8.self)
    if text.count > 1, unsafe text[0] == UInt8(ascii: "0") {
      if unsafe text[1] == UInt8(ascii: "x") { return based(Substring(string.utf8.dropFirst(2)), radix: 16) }
      if unsafe text[1] == UInt8(ascii: "o") { return based(Substring(string.utf8.dropFirst(2)), radix: 8) }
    }
    switch string {
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    default: break
    }
    guard let form = decimalForm(string.utf8[...]) else { return nil }
    if form == .integer, let value = Int64(string) { return .integer(value) }
    return Double(string).map(CoreScalar.number)
  }

  private enum DecimalForm {
    case integer
    case fraction
  }

  /// `[-+]? ( "." digits | digits ( "." digits? )? ) ( [eE] [-+]? digits )?`, or nil when the text is not of this form.
  private static func decimalForm(_ text: Substring.UTF8View) -> DecimalForm? {
    var rest = text
    rest.skipSign()
    let whole = rest.skipDigits()
    var form = DecimalForm.integer
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard rest.skipDigits() + whole > 0 else { return nil }
      form = .fraction
    } else if whole == 0 {
      return nil
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest.removeFirst()
      rest.skipSign()
      guard rest.skipDigits() > 0 else { return nil }
      form = .fraction
    }
    return rest.isEmpty ? form : nil
  }

  private static func based(_ digits: Substring, radix: Int) -> CoreScalar? {
    var value = 0.0
    for byte in digits.utf8 {
      guard let digit = Int64(String(UnicodeScalar(byte)), radix: radix), byte != UInt8(ascii: "+") else { return nil }
      value = value * Double(radix) + Double(digit)
    }
    if let exact = Int64(digits, radix: radix) { return .integer(exact) }
    return digits.isEmpty ? nil : .number(value)
  }
}

extension Substring.UTF8View {
  fileprivate mutating func skipSign() {
    if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { removeFirst() }
  }

  /// Skips decimal digits and returns how many there were.
  fileprivate mutating func skipDigits() -> Int {
    let before = count
    self = drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return before - count
  }
}
