extension Rule {
  static let emptyPeriod = Rule(
    code: "E048", name: "empty-period", level: .error,
    summary: "A period ends before it begins, or has neither beginning nor end.",
    explanation: """
      `enabled: {from: …, until: …}` is true from the first moment on, up to and without the second. Swap the two, or \
      write `true` or `false` if time does not matter.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: {from: 2026-12-02T00:00:00Z, until: 2026-12-01T00:00:00Z}\notherwise: on\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: {from: 2026-12-01T00:00:00Z, until: 2026-12-02T00:00:00Z}\notherwise: on\n"))
}

extension Finding {
  static func emptyPeriod(from: Place, at place: Place) -> Finding {
    Finding(
      "E048", level: .error, message: "`until` is not later than `from`", help: "swap the two moments, or correct one",
      file: place.file, range: place.range, notes: [Note("`from` is here", file: from.file, range: from.range)])
  }

  static func boundlessPeriod(at place: Place) -> Finding {
    Finding(
      "E048", level: .error, message: "`enabled` has neither `from` nor `until`",
      help: "write `true` or `false`, or add `from`, `until` or both", file: place.file, range: place.range)
  }
}
