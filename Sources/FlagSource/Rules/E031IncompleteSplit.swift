extension Rule {
  static let incompleteSplit = Rule(
    code: "E031", name: "incomplete-split", level: .error,
    summary: "The weights of a split do not add up to exactly 100.",
    explanation: """
      Every context gets exactly one variant of a split, so its weights must add up to 100 without a remainder. For \
      thirds write 33.333, 33.333 and 33.334.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml", "enabled: true\notherwise:\n  split: {on: 25, off: 70}\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml", "enabled: true\notherwise:\n  split: {on: 25, off: 75}\n"))
}

extension Finding {
  /// - Parameter buckets: the sum in thousandths of a percent.
  static func incompleteSplit(sum buckets: Int, at place: Place) -> Finding {
    let difference = abs(buckets - 100_000).percentText
    return Finding(
      "E031", level: .error, message: "the weights add up to \(buckets.percentText), not 100",
      help: buckets < 100_000 ? "\(difference) more are to be given out" : "take \(difference) away", file: place.file,
      range: place.range)
  }
}

extension Int {
  /// Thousandths of a percent as a percentage, without trailing zeros; also above 100.
  var percentText: String {
    var decimals = String(self % 1000 + 1000).dropFirst()
    while decimals.last == "0" { decimals.removeLast() }
    return decimals.isEmpty ? "\(self / 1000)" : "\(self / 1000).\(decimals)"
  }
}
