extension Rule {
  static let wrongExtension = Rule(
    code: "E011", name: "wrong-extension", level: .error,
    summary: "A file's name ends in `.yml` or `.YAML`.",
    explanation: """
      Only files whose names end in `.yaml` are read, so that a key has one spelling. Rename the file.
      """,
    badExample: Example("definitions/old-cart.yml", "type: boolean\noff: off\n"),
    goodExample: Example("definitions/old-cart.yaml", "type: boolean\noff: off\n"))
}

extension Finding {
  static func wrongExtension(_ name: String, at place: Place) -> Finding {
    let stem = name.split(separator: ".", omittingEmptySubsequences: false).dropLast().joined(separator: ".")
    return Finding(
      "E011", level: .error, message: "\(name.quoted) does not end in `.yaml` and is not read",
      help: "rename it to `\(stem).yaml`", file: place.file, range: place.range)
  }
}
