internal import Ensign

extension CalendarDate {
  /// The present day in UTC, by the system's clock.
  package static func today() -> CalendarDate { CalendarDate(Timestamp.now()) }

  /// The day of an instant, in UTC.
  init(_ instant: Timestamp) {
    // An instant's text begins with its date, whatever the instant.
    guard let date = CalendarDate(text: String(instant.description.prefix(10))) else {
      preconditionFailure("\(instant) does not begin with a date")
    }
    self = date
  }
}
