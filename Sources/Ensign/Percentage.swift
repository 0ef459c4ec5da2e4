/// A part of all, in thousandths of a percent: the weight of a variant, a share, a step of a ramp.
///
/// Held in buckets of 100,000, so that weights add up exactly: 1 is 0.001 %, 100,000 is everyone.
package struct Percentage: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// 0 to 100,000.
  package let buckets: Int

  /// A weight in buckets, which the caller knows to be 0 to 100,000.
  package init(buckets: Int) {
    precondition((0...Bucketing.count).contains(buckets), "a weight is 0 to 100,000 buckets")
    self.buckets = buckets
  }

  /// Reads a percentage as people write it: digits without a leading zero, then at most three decimals; 0 to 100.
  ///
  /// No sign, no exponent, no `%`. The conversion is exact.
  package init(_ text: String) throws(GrammarError) {
    let bytes = Array(text.utf8)
    var position = 0
    var whole = 0
    while position < bytes.count, bytes[position].isDigit, position < 4 {
      whole = whole * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      position += 1
    }
    guard position > 0 else { throw GrammarError("expected a percentage such as 12.5", at: 0) }
    guard position == 1 || bytes[0] != UInt8(ascii: "0") else {
      throw GrammarError("a percentage has no leading zero", at: 0)
    }
    var thousandths = 0
    if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
      position += 1
      let start = position
      while position < bytes.count, bytes[position].isDigit {
        guard position - start < 3 else { throw GrammarError("a percentage has three decimals at most", at: position) }
        thousandths = thousandths * 10 + Int(bytes[position] - UInt8(ascii: "0"))
        position += 1
      }
      guard position > start else { throw GrammarError("expected decimals after the point", at: position) }
      for _ in position..<(start + 3) { thousandths *= 10 }
    }
    guard whole * 1000 + thousandths <= Bucketing.count else {
      throw GrammarError("a percentage is at most 100", at: 0)
    }
    guard position == bytes.count else {
      let isSign = bytes[position] == UInt8(ascii: "%")
      throw GrammarError(
        isSign ? "a percentage is written without “%”" : "unexpected character in a percentage", at: position)
    }
    buckets = whole * 1000 + thousandths
  }

  package static func < (left: Percentage, right: Percentage) -> Bool { left.buckets < right.buckets }

  /// The canonical text, without trailing zeros: `12.5`.
  package var description: String {
    var decimals = String(buckets % 1000 + 1000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return decimals.isEmpty ? "\(buckets / 1000)" : "\(buckets / 1000).\(decimals)"
  }
}
