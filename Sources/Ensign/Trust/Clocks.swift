/// Times in signed files, against clocks that are not quite right.
enum Clocks {
  /// How wrong a clock may be, in milliseconds: five minutes.
  static let tolerance: Int64 = 300_000

  /// Whether an instant has passed by more than the tolerance.
  static func isPast(_ instant: Timestamp, at now: Timestamp) -> Bool {
    now.milliseconds - instant.milliseconds > tolerance
  }

  /// The one form that signed files have, `YYYY-MM-DDTHH:MM:SSZ`: what is less than a second is dropped.
  static func text(_ instant: Timestamp) -> String {
    let fraction = ((instant.milliseconds % 1000) + 1000) % 1000
    return Timestamp(milliseconds: instant.milliseconds - fraction).description
  }
}
