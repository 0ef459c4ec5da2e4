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
      // An index knows whether it met a key twice; where none did, there is nothing to look for.
      let tree = facts.tree
      if tree.definitionIndex.hasRepeatedKey { findings.add(definitions(of: tree)) }
      if tree.segmentIndex.count < tree.segments.count { findings.add(segments(of: tree)) }
      if facts.configs.index.hasRepeatedKey { findings.add(repetitions(in: facts.configs)) }
    })

  private static func definitions(of tree: FlagsTree) -> [Finding] {
    tree.definitions.enumerated().compactMap { index, definition in
      guard let first = tree.definitionIndex[definition.key], first != index else { return nil }
      let site = Site(file: definition.file, flag: definition.key)
      return .repeatedKey("flag \(definition.key.quoted)", tree.definitions[first].file, site)
    }
  }

  private static func segments(of tree: FlagsTree) -> [Finding] {
    tree.segments.enumerated().compactMap { index, segment in
      guard let first = tree.segmentIndex[segment.key], first != index else { return nil }
      return .repeatedKey("segment \(segment.key.quoted)", tree.segments[first].file, Site(file: segment.file))
    }
  }

  private static func repetitions(in configs: ConfigOutlines) -> [Finding] {
    configs.all.enumerated().compactMap { index, config in
      guard let first = configs.index.position(of: config.flag, in: config.environment), first != index else {
        return nil
      }
      let site = Site(file: config.file, flag: config.flag, environment: config.environment)
      let subject = "the config of flag \(config.flag.quoted) in \(config.environment.quoted)"
      return .repeatedKey(subject, configs.all[first].file, site)
    }
  }
}

extension Finding {
  fileprivate static func repeatedKey(_ subject: String, _ first: FileReference, _ site: Site) -> Finding {
    site.finding(
      .repeatedKey, "\(subject) has two files", help: "rename one of the files, or remove it", at: .wholeFile,
      notes: [Note("the other file is this one", file: first, range: .wholeFile)])
  }
}
