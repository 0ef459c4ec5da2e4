extension Rule {
  static let misplacedFile = Rule(
    code: "E010", name: "misplaced-file", level: .error,
    summary: "A YAML file lies where none is read.",
    explanation: """
      A flags tree has `ensign.yaml` at its top and YAML files below `definitions/`, `environments/<environment>/`, \
      `segments/` and `tests/`. A YAML file anywhere else would have no effect, though somebody meant it to have one. \
      Move it.
      """,
    badExample: Example("definition/old-cart.yaml", "type: boolean\noff: off\n"),
    goodExample: Example("definitions/old-cart.yaml", "type: boolean\noff: off\n"))
}

extension Finding {
  static func misplacedFile(_ path: String, nearest: String?, at place: Place) -> Finding {
    let places = "`definitions/`, `environments/<environment>/`, `segments/` or `tests/`"
    return Finding(
      "E010", level: .error, message: "no file is read at \(path.quoted)",
      help: nearest.map { "did you mean `\($0)`? YAML files belong below \(places)" } ?? "move it below \(places)",
      file: place.file, range: place.range)
  }
}
