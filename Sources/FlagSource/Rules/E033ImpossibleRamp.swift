extension Rule {
  static let impossibleRamp = Rule(
    code: "E033", name: "impossible-ramp", level: .error,
    summary: "A ramp's steps go back in time or in percent, or it leads nowhere.",
    explanation: """
      A ramp gives more and more contexts one variant as time goes by: its steps are in rising time, the percentage \
      never falls, and the variant that grows is another one than the variant it takes over from. To ramp down, swap the \
      two variants.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      """
      enabled: true
      otherwise:
        ramp: on
        from: off
        steps:
          - {at: 2026-12-02T09:00:00Z, percent: 5}
          - {at: 2026-12-01T09:00:00Z, percent: 100}

      """),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      """
      enabled: true
      otherwise:
        ramp: on
        from: off
        steps:
          - {at: 2026-12-01T09:00:00Z, percent: 5}
          - {at: 2026-12-02T09:00:00Z, percent: 100}

      """))
}

extension Finding {
  static func stepBackInTime(_ time: String, previous: Place, at place: Place) -> Finding {
    Finding(
      "E033", level: .error, message: "the step at \(time) is not later than the step before it",
      help: "write the steps in rising time", file: place.file, range: place.range,
      notes: [Note("the step before it is here", file: previous.file, range: previous.range)])
  }

  static func fallingPercentage(_ percentage: String, previous: Place, at place: Place) -> Finding {
    Finding(
      "E033", level: .error, message: "the percentage falls to \(percentage)",
      help: "a ramp never takes a variant away again; to ramp down, swap `ramp` and `from`", file: place.file,
      range: place.range, notes: [Note("it was higher here", file: previous.file, range: previous.range)])
  }

  static func rampToItself(_ variant: String, at place: Place) -> Finding {
    Finding(
      "E033", level: .error, message: "the ramp leads from \(variant.quoted) to itself",
      help: "name another variant in `from`", file: place.file, range: place.range)
  }
}
