extension Rule {
  static let unreadableFile = Rule(
    code: "E001", name: "unreadable-file", level: .error,
    summary: "A file cannot be read.",
    explanation: """
      Every file of the tree is read, so that nothing is left out silently. Give the file permissions that let you read \
      it; a pipe, a socket or a device has no place in a flags tree.
      """,
    badExample: Example("definitions/old-cart.yaml|", ""),
    goodExample: Example("definitions/old-cart.yaml", "type: boolean\noff: off\n"))
}

extension Finding {
  static func unreadableFile(_ error: FileAccessError, at place: Place) -> Finding {
    Finding(
      "E001", level: .error, message: "the file cannot be read: \(error.message)",
      help: error.code == .notPermitted ? "give yourself permission to read it" : "put a regular file in its place",
      file: place.file, range: place.range)
  }

  static func unreadableEntry(at place: Place) -> Finding {
    Finding(
      "E001", level: .error, message: "this is not a regular file",
      help: "remove it: pipes, sockets, devices and submodules have no place in a flags tree",
      file: place.file, range: place.range)
  }
}
