extension Rule {
  static let symbolicLink = Rule(
    code: "E008", name: "symbolic-link", level: .error,
    summary: "There is a symbolic link in the tree.",
    explanation: """
      A link may lead out of the tree, and a checkout and a commit would mean different things: Git stores where a link \
      points, not what is there. Put a copy of the file in its place.
      """,
    badExample: Example("definitions/old-cart.yaml -> new-cart.yaml", ""),
    goodExample: Example("definitions/old-cart.yaml", "type: boolean\noff: off\n"))
}

extension Finding {
  static func symbolicLink(at place: Place) -> Finding {
    Finding(
      "E008", level: .error, message: "this is a symbolic link",
      help: "replace it by a copy of the file it points to: links are not followed", file: place.file,
      range: place.range)
  }
}
