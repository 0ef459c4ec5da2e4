extension Rule {
  static let keysDifferingByCase = Rule(
    code: "E061", name: "keys-differing-by-case", level: .error,
    summary: "Two keys differ by case only.",
    explanation: """
      `New-Cart` and `new-cart` are two flags to a service and one file to a file system that ignores case, so a \
      checkout on such a machine would lose one of them. People mix them up, too. Rename one.
      """,
    badExample: Example([
      ("segments/Staff.yaml", "description: Our own people, once more.\ninclude: [user-1]\n"),
      (
        "environments/production/new-cart.yaml",
        """
        enabled: true
        rules:
          - name: staff
            when: {segment: [staff, Staff]}
            serve: on
        otherwise: off

        """
      ),
    ]),
    goodExample: Example([
      ("segments/contractors.yaml", "description: People who work for us for a while.\ninclude: [user-1]\n"),
      (
        "environments/production/new-cart.yaml",
        """
        enabled: true
        rules:
          - name: staff
            when: {segment: [staff, contractors]}
            serve: on
        otherwise: off

        """
      ),
    ]),
    check: .tree { facts, _, findings in
      var flags: [(key: String, site: Site)] = []
      flags.reserveCapacity(facts.tree.definitions.count)
      facts.tree.forEachDefinition { flags.append(($0.key, Site(file: $0.file, flag: $0.key))) }
      findings.addKeysDifferingByCase(flags, noun: "flag")
      let segments = facts.tree.segments.map { (key: $0.key, site: Site(file: $0.file)) }
      findings.addKeysDifferingByCase(segments, noun: "segment")
    })
}

extension Findings {
  fileprivate mutating func addKeysDifferingByCase(_ keys: [(key: String, site: Site)], noun: String) {
    var seen = [String: (key: String, file: FileReference)](minimumCapacity: keys.count)
    for (key, site) in keys {
      let folded = key.lowercased()
      if let other = seen[folded] {
        if other.key != key { add(.keysDifferingByCase(key, other.key, other.file, site, noun: noun)) }
      } else {
        seen[folded] = (key, site.file)
      }
    }
  }
}

extension Finding {
  fileprivate static func keysDifferingByCase(
    _ key: String, _ other: String, _ file: FileReference, _ site: Site, noun: String
  ) -> Finding {
    site.finding(
      .keysDifferingByCase, "\(noun)s \(other.quoted) and \(key.quoted) differ by case only",
      help: "rename one of the files", at: .wholeFile,
      notes: [Note("\(noun) \(other.quoted) is here", file: file, range: .wholeFile)])
  }
}
