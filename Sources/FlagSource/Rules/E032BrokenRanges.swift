extension Rule {
  static let brokenRanges = Rule(
    code: "E032", name: "broken-ranges", level: .error,
    summary: "The intervals of `ranges` leave a gap, overlap, or run backwards.",
    explanation: """
      The intervals of all variants together cover 0 to 100 once, each from a smaller to a larger percentage, the end \
      not included. The finding names the first place where they do not.
      """,
    badExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\notherwise:\n  ranges: {on: [[0, 10]], off: [[20, 100]]}\n"),
    goodExample: Example(
      "environments/staging/new-cart.yaml",
      "enabled: true\notherwise:\n  ranges: {on: [[0, 10]], off: [[10, 100]]}\n"))
}

extension Finding {
  static func backwardInterval(at place: Place) -> Finding {
    Finding(
      "E032", level: .error, message: "the interval does not end above its beginning",
      help: "write the smaller percentage first; leave an empty interval out", file: place.file, range: place.range)
  }

  static func rangesGap(from start: Int, to end: Int, at place: Place) -> Finding {
    Finding(
      "E032", level: .error, message: "nothing is said about \(start.percentText) to \(end.percentText) %",
      help: "give the interval [\(start.percentText), \(end.percentText)] to a variant", file: place.file,
      range: place.range)
  }

  static func rangesOverlap(from start: Int, to end: Int, first: Place, at place: Place) -> Finding {
    Finding(
      "E032", level: .error, message: "\(start.percentText) to \(end.percentText) % stand in two intervals",
      help: "let the intervals cover every percentage once", file: place.file, range: place.range,
      notes: [Note("the other interval is here", file: first.file, range: first.range)])
  }
}
