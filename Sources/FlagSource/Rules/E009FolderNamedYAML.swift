extension Rule {
  static let folderNamedYAML = Rule(
    code: "E009", name: "folder-named-yaml", level: .error,
    summary: "A folder's name ends in `.yaml`.",
    explanation: """
      Who sees the name takes it for a file, and the files inside would be read under keys that nobody expects. Rename \
      the folder; nothing inside it is read.
      """,
    badExample: Example("definitions/cart.yaml/", ""),
    goodExample: Example("definitions/cart/old-cart.yaml", "type: boolean\noff: off\n"))
}

extension Finding {
  static func folderNamedYAML(at place: Place) -> Finding {
    Finding(
      "E009", level: .error, message: "this is a folder whose name ends in `.yaml`",
      help: "rename the folder, or put a file in its place; nothing inside it is read", file: place.file,
      range: place.range)
  }
}
