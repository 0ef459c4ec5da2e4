extension Rule {
  static let repeatedKey = Rule(
    code: "E060", name: "repeated-key", level: .error,
    summary: "Two files in different folders have the same key.",
    explanation: """
      The key of a flag or a segment is the name of its file; folders below `definitions/`, `segments/` and an \
      environment only sort the files. With one key in two folders nobody knows which file counts. Rename one, or \
      remove it.
      """,
    badExample: Example(
      "environments/staging/payments/new-cart.yaml", "enabled: false\notherwise: on\n"),
    goodExample: Example([
      ("environments/staging/payments/new-cart.yaml", "enabled: false\notherwise: on\n"),
      ("environments/staging/new-cart.yaml", ""),
    ]),
    check: .tree { facts, _, findings in
      let tree = facts.tree
      for (index, definition) in tree.definitions.enumerated() {
        guard let first = tree.definitionIndex[definition.key], first != index else { continue }
        let site = Site(file: definition.file, flag: definition.key)
        findings.add(.repeatedKey("flag \(definition.key.quoted)", tree.definitions[first].file, site))
      }
      for (index, segment) in tree.segments.enumerated() {
        guard let first = tree.segmentIndex[segment.key], first != index else { continue }
        findings.add(
          .repeatedKey("segment \(segment.key.quoted)", tree.segments[first].file, Site(file: segment.file)))
      }
      for (index, config) in tree.configs.enumerated() {
        guard let first = tree.configIndex[config.environment]?[config.flag], first != index else { continue }
        let site = Site(file: config.file, flag: config.flag, environment: config.environment)
        let subject = "the config of flag \(config.flag.quoted) in \(config.environment.quoted)"
        findings.add(.repeatedKey(subject, tree.configs[first].file, site))
      }
    })
}

extension Finding {
  fileprivate static func repeatedKey(_ subject: String, _ first: FileReference, _ site: Site) -> Finding {
    site.finding(
      .repeatedKey, "\(subject) has two files", help: "rename one of the files, or remove it", at: .wholeFile,
      notes: [Note("the other file is this one", file: first, range: .wholeFile)])
  }
}
