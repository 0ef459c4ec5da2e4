extension Rule {
  static let invalidPercentage = Rule(
    code: "E030", name: "invalid-percentage", level: .error,
    summary: "A percentage is not a number from 0 to 100 with at most three decimals.",
    explanation: """
      Percentages are exact: 100,000 buckets, three decimals, no rounding. They are written without quotes, without `%`, \
      without a sign, an exponent or a leading zero.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml", "enabled: true\notherwise:\n  split: {on: 10%, off: 90}\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml", "enabled: true\notherwise:\n  split: {on: 10, off: 90}\n"))
}

extension Finding {
  static func invalidPercentage(_ text: String, of subject: String, _ reason: String, at place: Place) -> Finding {
    Finding(
      "E030", level: .error, message: "\(subject) cannot be \(text.quoted): \(reason)",
      help: "write a number from 0 to 100 with at most three decimals and without quotes, such as `12.5`",
      file: place.file, range: place.range)
  }

  static func invalidBucket(at place: Place) -> Finding {
    Finding(
      "E030", level: .error, message: "`bucket` cannot be 100: buckets run from 0 up to, and without, 100 %",
      help: "write `99.999` for the last bucket", file: place.file, range: place.range)
  }
}
