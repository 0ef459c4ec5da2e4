internal import Ensign

/// A point in time as people type it: an instant of RFC 3339, or a date.
enum Moment {
  /// The instant that a text names; a date alone is its beginning in UTC.
  ///
  /// - Returns: nil when the text is neither.
  static func instant(_ text: String) -> Timestamp? {
    if let instant = try? Timestamp(text) { return instant }
    return try? Timestamp(text + "T00:00:00Z")
  }

  /// The instant that an option names.
  static func instant(_ text: String, of option: String) throws(CommandError) -> Timestamp {
    if let instant = instant(text) { return instant }
    throw .usage(
      "--\(option) \(text): this is no point in time",
      help: "write a date such as 2026-11-21, or an instant such as 2026-11-21T09:00:00Z")
  }
}
