internal import Glibc

/// An instant, to the millisecond.
///
/// Its text is RFC 3339's: `2026-12-01T09:00:00Z`, `2026-12-01T10:00:00.25+01:00`. Years 0000 to 9999.
public struct Timestamp: Comparable, Hashable, Sendable, CustomStringConvertible {
  /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
  public let milliseconds: Int64

  /// The instants that have a text: the years 0000 to 9999.
  package static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

  /// An instant by its distance from 1970-01-01T00:00:00Z; what lies outside the years 0000 to 9999 becomes the nearest
  /// instant inside.
  public init(milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
  }

  /// Reads an RFC 3339 date and time.
  ///
  /// An offset is required, `Z` or `±HH:MM`; the letters may be lower case. Digits after the third of a fraction are
  /// dropped, never rounded. A leap second, `23:59:60` UTC on the last day of a month, is the second after it, as
  /// POSIX counts. A date alone is refused.
  public init(_ text: String) throws(GrammarError) {
    let bytes = Array(text.utf8)
    milliseconds = try bytes.withUnsafeBufferPointer { bytes throws(GrammarError) in try Self.milliseconds(bytes) }
  }

  /// The present, by the system's clock.
  public static func now() -> Timestamp {
    var time = timespec()
    // CLOCK_REALTIME exists everywhere and the pointer is valid: the call has no way to fail.
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  /// Whether the left instant is the earlier one.
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  /// The canonical text: in UTC, with three decimals of the second or none.
  public var description: String {
    let time = milliseconds - Self.floorDivide(milliseconds, 86_400_000) * 86_400_000
    let (year, month, date) = civilDay
    var text = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(date, 2))T"
    text += "\(Self.padded(time / 3_600_000, 2)):\(Self.padded(time / 60_000 % 60, 2))"
    text += ":\(Self.padded(time / 1000 % 60, 2))"
    if time % 1000 != 0 { text += ".\(Self.padded(time % 1000, 3))" }
    return text + "Z"
  }

  /// The day in UTC, by the Gregorian calendar.
  package var civilDay: (year: Int64, month: Int64, day: Int64) {
    Self.civil(fromDays: Self.floorDivide(milliseconds, 86_400_000))
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

// MARK: - On bytes, without allocation: the evaluator's form

extension Timestamp {
  /// Reads all of `text` as RFC 3339, as milliseconds since 1970.
  static func milliseconds(_ text: UnsafeBufferPointer<UInt8>) throws(GrammarError) -> Int64 {
    var position = 0
    let year = try readDigits(text, &position, 4, "expected a year of four digits")
    try readByte(text, &position, UInt8(ascii: "-"), "expected “-” after the year")
    let month = try readDigits(text, &position, 2, "expected a month of two digits")
    guard (1...12).contains(month) else { throw GrammarError("the month is not 01 to 12", at: position - 2) }
    try readByte(text, &position, UInt8(ascii: "-"), "expected “-” after the month")
    let date = try readDigits(text, &position, 2, "expected a day of two digits")
    guard date >= 1, date <= daysOf(month: month, year: year) else {
      throw GrammarError("the month does not have this day", at: position - 2)
    }
    guard position < text.count else {
      throw GrammarError("a time is missing, such as T09:00:00Z", at: position)
    }
    guard text[position] | 0x20 == UInt8(ascii: "t") else {
      throw GrammarError("expected “T” between date and time", at: position)
    }
    position += 1
    let dayStart = days(fromCivil: year, month, date) * 86_400_000
    let time = try readTime(text, &position)
    let offset = try readOffset(text, &position)
    guard position == text.count else { throw GrammarError("unexpected character after the offset", at: position) }
    if time.isLeapSecond { try checkLeapSecond(dayStart + time.milliseconds - offset) }
    let milliseconds = dayStart + time.milliseconds - offset
    guard range.contains(milliseconds) else { throw GrammarError("in UTC the year is not 0000 to 9999", at: 0) }
    return milliseconds
  }

  private static func readTime(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) throws(GrammarError) -> (milliseconds: Int64, isLeapSecond: Bool) {
    let hour = try readDigits(text, &position, 2, "expected an hour of two digits")
    guard hour < 24 else { throw GrammarError("the hour is not 00 to 23", at: position - 2) }
    try readByte(text, &position, UInt8(ascii: ":"), "expected “:” after the hour")
    let minute = try readDigits(text, &position, 2, "expected a minute of two digits")
    guard minute < 60 else { throw GrammarError("the minute is not 00 to 59", at: position - 2) }
    try readByte(text, &position, UInt8(ascii: ":"), "expected “:” and the seconds")
    let second = try readDigits(text, &position, 2, "expected seconds of two digits")
    guard second <= 60 else { throw GrammarError("the second is not 00 to 59", at: position - 2) }
    var fraction: Int64 = 0
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position += 1
      guard position < text.count, text[position].isDigit else {
        throw GrammarError("expected digits after the decimal point", at: position)
      }
      var weight: Int64 = 100
      while position < text.count, text[position].isDigit {
        fraction += Int64(text[position] - UInt8(ascii: "0")) * weight
        weight /= 10
        position += 1
      }
    }
    return (((hour * 60 + minute) * 60 + second) * 1000 + fraction, second == 60)
  }

  /// The offset from UTC in milliseconds.
  private static func readOffset(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) throws(GrammarError) -> Int64 {
    guard position < text.count else {
      throw GrammarError("an offset from UTC is missing, such as Z or +01:00", at: position)
    }
    let sign = text[position]
    position += 1
    if sign | 0x20 == UInt8(ascii: "z") { return 0 }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else {
      throw GrammarError("expected an offset from UTC, such as Z or +01:00", at: position - 1)
    }
    let hour = try readDigits(text, &position, 2, "expected an offset such as +01:00")
    guard hour < 24 else { throw GrammarError("the offset's hour is not 00 to 23", at: position - 2) }
    try readByte(text, &position, UInt8(ascii: ":"), "expected an offset such as +01:00")
    let minute = try readDigits(text, &position, 2, "expected an offset such as +01:00")
    guard minute < 60 else { throw GrammarError("the offset's minute is not 00 to 59", at: position - 2) }
    return (hour * 60 + minute) * (sign == UInt8(ascii: "-") ? -60_000 : 60_000)
  }

  /// Refuses a second 60 that does not begin the first day of a month in UTC.
  private static func checkLeapSecond(_ milliseconds: Int64) throws(GrammarError) {
    let day = floorDivide(milliseconds, 86_400_000)
    guard milliseconds - day * 86_400_000 < 1000, civil(fromDays: day).day == 1 else {
      throw GrammarError("a leap second is 23:59:60 UTC on the last day of a month", at: 17)
    }
  }

  private static func readDigits(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ count: Int, _ expected: String
  ) throws(GrammarError) -> Int64 {
    var number: Int64 = 0
    for _ in 0..<count {
      guard position < text.count, text[position].isDigit else { throw GrammarError(expected, at: position) }
      number = number * 10 + Int64(text[position] - UInt8(ascii: "0"))
      position += 1
    }
    return number
  }

  private static func readByte(
    _ text: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ byte: UInt8, _ expected: String
  ) throws(GrammarError) {
    guard position < text.count, text[position] == byte else { throw GrammarError(expected, at: position) }
    position += 1
  }

  private static func daysOf(month: Int64, year: Int64) -> Int64 {
    switch month {
    case 2: return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar, which is counted here from March, so that the leap day
  /// ends its year, in eras of 400 years (146,097 days).
  private static func days(fromCivil year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = floorDivide(shifted, 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The inverse of `days(fromCivil:_:_:)`.
  private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, day)
  }
}
