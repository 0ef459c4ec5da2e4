extension Rule {
  static let excessiveFile = Rule(
    code: "E005", name: "excessive-file", level: .error,
    summary: "A file is larger or nested deeper than any file needs to be.",
    explanation: """
      A YAML file has at most 1 MiB, 100,000 keys and values, and collections 64 levels deep, so that no file can make \
      reading the tree slow. Long lists of targeting keys belong into a text file, see `includeFrom` of segments.
      """,
    badExample: Example(
      "tests/deep.yaml", String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "\n"),
    goodExample: Example("tests/deep.yaml", "[]\n"))
}

extension Finding {
  static func excessiveFile(limit: Int, help: String, at place: Place) -> Finding {
    Finding(
      "E005", level: .error, message: "the file has more than \(limit) bytes", help: help, file: place.file,
      range: place.range)
  }
}
