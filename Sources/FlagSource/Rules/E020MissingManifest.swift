extension Rule {
  static let missingManifest = Rule(
    code: "E020", name: "missing-manifest", level: .error,
    summary: "The tree has no `ensign.yaml`.",
    explanation: """
      `ensign.yaml` names the project, its environments and the attributes of contexts; nothing can be checked without \
      it. `ensign init` writes one.
      """,
    badExample: Example("ensign.yaml", ""),
    goodExample: Example("ensign.yaml", Example.base[0].text))
}

extension Finding {
  static func missingManifest(at place: Place) -> Finding {
    Finding(
      "E020", level: .error, message: "there is no `ensign.yaml` at the top of the tree",
      help: "write one that begins with `format: 1`, `project:` and `environments:`; `ensign init` makes a whole tree",
      file: place.file, range: place.range)
  }
}
