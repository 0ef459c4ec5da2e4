/// The text that ECMAScript gives a finite number (ECMA-262, Number::toString), as RFC 8785 requires.
enum ECMAScriptNumber {
  /// Appends the text of a finite number.
  static func append(_ value: Double, to bytes: inout [UInt8]) {
    guard value != 0 else {
      bytes.append(UInt8(ascii: "0"))
      return
    }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let (digits, point) = decimal(value.magnitude)
    if digits.count <= point, point <= 21 {
      bytes += digits
      bytes += repeatElement(UInt8(ascii: "0"), count: point - digits.count)
    } else if 0 < point, point <= 21 {
      bytes += digits[..<point]
      bytes.append(UInt8(ascii: "."))
      bytes += digits[point...]
    } else if -6 < point, point <= 0 {
      bytes += "0.".utf8
      bytes += repeatElement(UInt8(ascii: "0"), count: -point)
      bytes += digits
    } else {
      bytes.append(digits[0])
      if digits.count > 1 { bytes.append(UInt8(ascii: ".")) }
      bytes += digits[1...]
      bytes += point > 0 ? "e+".utf8 : "e-".utf8
      bytes += String((point - 1).magnitude).utf8
    }
  }

  /// The shortest digits that read back as the number, and the place of the decimal point: the number is 0.digits ×
  /// 10^point.
  ///
  /// Swift's own description has the same digits, in another dress.
  private static func decimal(_ value: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point = 0
    var exponent = 0
    var isFraction = false
    var text = value.description.utf8[...]
    while let byte = text.popFirst() {
      if byte.isDigit {
        if !isFraction { point += 1 }
        digits.append(byte)
      } else if byte == UInt8(ascii: ".") {
        isFraction = true
      } else {
        exponent = Int(Substring(text)) ?? 0
        break
      }
    }
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, point - zeros + exponent)
  }
}
