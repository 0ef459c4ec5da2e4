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
      findings.addKeysDifferingByCase(noun: "flag") { visit in
        facts.tree.forEachDefinition { visit($0.key, Site(file: $0.file, flag: $0.key)) }
      }
      findings.addKeysDifferingByCase(noun: "segment") { visit in
        for segment in facts.tree.segments { visit(segment.key, Site(file: segment.file)) }
      }
    })
}

extension Findings {
  /// Adds what is wrong with keys.
  ///
  /// - Parameter forEach: calls what it gets with all keys and where they are, in the order of their files.
  fileprivate mutating func addKeysDifferingByCase(
    noun: String, _ forEach: (_ visit: (_ key: String, _ site: @autoclosure () -> Site) -> Void) -> Void
  ) {
    // As a rule none of a hundred thousand keys has a capital letter: then no two can differ by case.
    var suspects: Set<String> = []
    forEach { key, _ in if hasCapital(key) { suspects.insert(key.lowercased()) } }
    if suspects.isEmpty { return }
    var seen: [String: (key: String, file: FileReference)] = [:]
    forEach { key, site in
      let folded = key.lowercased()
      guard suspects.contains(folded) else { return }
      let site = site()
      if let other = seen[folded] {
        if other.key != key { add(.keysDifferingByCase(key, other.key, other.file, site, noun: noun)) }
      } else {
        seen[folded] = (key, site.file)
      }
    }
  }
}

/// Whether a key has a capital letter, or one that no key has.
private func hasCapital(_ key: String) -> Bool {
  key.utf8.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || $0 >= 0x80 }
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
