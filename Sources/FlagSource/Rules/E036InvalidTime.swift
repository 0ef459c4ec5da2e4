extension Rule {
  static let invalidTime = Rule(
    code: "E036", name: "invalid-time", level: .error,
    summary: "A moment is not RFC 3339, or a day is not a date of the calendar.",
    explanation: """
      Moments are written as `2026-12-01T09:00:00Z` or with an offset, `2026-12-01T10:00:00+01:00`, so that no reader has \
      to guess a time zone. Days are written as `2026-12-01`.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml", "enabled: {from: 2026-12-01 09:00}\notherwise: on\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml", "enabled: {from: 2026-12-01T09:00:00Z}\notherwise: on\n"))
}

extension Finding {
  static func invalidTime(_ text: String, of subject: String, _ reason: String, at place: Place) -> Finding {
    Finding(
      "E036", level: .error, message: "\(subject) cannot be \(text.quoted): \(reason)",
      help: "write a moment of RFC 3339, such as `2026-12-01T09:00:00Z`", file: place.file, range: place.range)
  }

  static func invalidDate(_ text: String, of subject: String, at place: Place) -> Finding {
    Finding(
      "E036", level: .error, message: "\(subject) cannot be \(text.quoted): it is no day of the calendar",
      help: "write year, month and day, such as `2027-03-01`", file: place.file, range: place.range)
  }
}
