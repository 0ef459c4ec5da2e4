internal import Ensign

extension CalendarDate {
  /// The present day in UTC, by the system's clock.
  package static func today() -> CalendarDate { CalendarDate(Timestamp.now()) }

  /// The day of an instant, in UTC.
  init(_ instant: Timestamp) {
    let (year, month, day) = instant.civilDay
    self.init(year: Int(year), month: Int(month), day: Int(day))
  }
}
