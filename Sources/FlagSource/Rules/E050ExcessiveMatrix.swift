extension Rule {
  static let excessiveMatrix = Rule(
    code: "E050", name: "excessive-matrix", level: .error,
    summary: "A test's matrix has too many combinations.",
    explanation: """
      A matrix stands for every combination of its values, and they multiply. More than 10,000 of one test take longer \
      than anybody waits; combine the attributes that depend on each other, and test the others one at a time.
      """,
    badExample: Example(
      "tests/new-cart.yaml",
      "- flag: new-cart\n  environment: staging\n  expect: on\n  matrix:\n"
        + ["age", "beta", "cartTotal", "country", "plan"].map { "    \($0): [a, b, c, d, e, f, g]\n" }.joined()),
    goodExample: Example(
      "tests/new-cart.yaml",
      "- flag: new-cart\n  environment: staging\n  expect: on\n  matrix:\n    age: [1, 2, 3, 4, 5, 6, 7]\n"))
}

extension Finding {
  static func excessiveMatrix(limit: Int, at place: Place) -> Finding {
    Finding(
      "E050", level: .error, message: "the matrix has more than \(limit) combinations",
      help: "split the test, or leave values out", file: place.file, range: place.range)
  }
}
