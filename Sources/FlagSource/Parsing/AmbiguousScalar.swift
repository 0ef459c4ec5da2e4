internal import YAML

/// Plain scalars that YAML 1.1, which many tools still read, takes for another value than the language does.
enum AmbiguousScalar {
  /// Whether a closer look is worth it; nearly all scalars begin with a letter.
  static func mayBeOne(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = text.first, text.count > 1 else { return false }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): return true
    default: return false
    }
  }

  /// What else `text` may be read as, in words; nil when all readers agree.
  ///
  /// Meant for places that take a text: a name, a key, a string value.
  static func reading(of text: String) -> String? {
    let bytes = Array(text.utf8)
    let digits = bytes.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    guard let first = digits.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
    if digits.contains(UInt8(ascii: ":")) {
      return isSexagesimal(digits) ? "a number to the base of 60" : nil
    }
    if digits.contains(UInt8(ascii: "_")) {
      let rest = digits.filter { $0 != UInt8(ascii: "_") }
      return CoreScalar(plain: String(decoding: rest, as: UTF8.self)) == .string ? nil : "a number without the `_`"
    }
    if first == UInt8(ascii: "0"), digits.count > 1, digits.allSatisfy(isDigit) {
      // 08 and 09 are no octal numbers, but lose their zero all the same.
      return Int(text, radix: 8).map { "the octal number \($0)" } ?? "a number without leading zeros"
    }
    if digits.starts(with: "0b".utf8), digits.dropFirst(2).allSatisfy({ $0 == 0x30 || $0 == 0x31 }), digits.count > 2 {
      return "a binary number"
    }
    switch CoreScalar(plain: text) {
    case .number(let value): return "\(value)" == text ? nil : "the number \(value)"
    case .integer(let value): return "\(value)" == text ? nil : "the number \(value)"
    default: return nil
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  /// `[1-9][0-9]*(:[0-5]?[0-9])+`, as `12:30`.
  private static func isSexagesimal(_ digits: ArraySlice<UInt8>) -> Bool {
    let parts = digits.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard let first = parts.first, !first.isEmpty, first.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") })
    else { return false }
    return parts.dropFirst().allSatisfy { part in
      guard part.allSatisfy(isDigit), let value = Int(String(decoding: part, as: UTF8.self)) else { return false }
      return value < 60 && part.count <= 2
    }
  }
}
