extension Rule {
  static let numberOutOfRange = Rule(
    code: "E040", name: "number-out-of-range", level: .error,
    summary: "A number cannot be kept exactly by every reader.",
    explanation: """
      Integers beyond 2^53 − 1 lose digits in JSON readers that hold numbers as doubles; infinities and not-a-number have \
      no place in JSON. Write a text if digits matter more than arithmetic, such as for an account number.
      """,
    badExample: Example("segments/staff.yaml", "when:\n  age: {lessThan: 9007199254740993}\n"),
    goodExample: Example("segments/staff.yaml", "when:\n  age: {lessThan: 9007199254740991}\n"))
}

extension Finding {
  static func numberOutOfRange(_ text: String, at place: Place) -> Finding {
    Finding(
      "E040", level: .error, message: "the number \(text.quoted) is out of range",
      help: "integers run from -9007199254740991 to 9007199254740991 (2^53 − 1), other numbers are finite doubles",
      file: place.file, range: place.range)
  }
}
