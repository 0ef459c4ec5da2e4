extension Rule {
  static let unsupportedYAML = Rule(
    code: "E007", name: "unsupported-yaml", level: .error,
    summary: "A file uses a part of YAML that flags do without.",
    explanation: """
      Anchors and aliases, tags, directives, several documents in one file and keys that are collections make a file \
      hard to review: what a line means depends on lines far away. Write the value out.
      """,
    badExample: Example("segments/staff.yaml", "include: &people [user-1]\nexclude: *people\n"),
    goodExample: Example("segments/staff.yaml", "include: [user-1]\nexclude: [user-2]\n"))
}
