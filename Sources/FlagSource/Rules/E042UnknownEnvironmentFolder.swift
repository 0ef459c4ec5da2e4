extension Rule {
  static let unknownEnvironmentFolder = Rule(
    code: "E042", name: "unknown-environment-folder", level: .error,
    summary: "A folder below `environments/` is no environment of `ensign.yaml`.",
    explanation: """
      Its files would be compiled nowhere, and the flags be disabled where they were meant to be on. Rename the folder, \
      or add the environment to `ensign.yaml`. Nothing in the folder is read.
      """,
    badExample: Example("environments/prod/new-cart.yaml", "enabled: true\notherwise: on\n"),
    goodExample: Example("environments/production/new-cart.yaml", "enabled: true\notherwise: on\n"))
}

extension Finding {
  static func unknownEnvironmentFolder(_ name: String, environments: [String], at place: Place) -> Finding {
    let nearest = NearestName.find(name, among: environments)
    return Finding(
      "E042", level: .error, message: "\(name.quoted) is no environment of `ensign.yaml`",
      help: (nearest.map { "did you mean `\($0)`? " } ?? "") + "the environments are \(environments.alternatives)",
      file: place.file, range: place.range)
  }
}
