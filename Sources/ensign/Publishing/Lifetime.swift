/// A time that something is valid for, as the command line writes it: `7d`, `12h`, `30m`.
struct Lifetime: Hashable, Sendable {
  let milliseconds: Int64

  /// A minute, and ten years of 366 days.
  static let range: ClosedRange<Int64> = 60_000...(10 * 366 * 86_400_000)

  /// Reads a number with a unit, such as the value of `--expires-in`.
  init(_ text: String, of option: String) throws(CommandError) {
    let units: [Character: Int64] = ["m": 60_000, "h": 3_600_000, "d": 86_400_000]
    guard let letter = text.last, let unit = units[letter], text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int64(text.dropLast()), number <= Self.range.upperBound / unit,
      Self.range.contains(number * unit)
    else {
      throw .usage(
        "--\(option) \(text): this is no time from a minute to ten years",
        help: "write a number of days, hours or minutes, such as 7d, 12h or 30m")
    }
    milliseconds = number * unit
  }
}
