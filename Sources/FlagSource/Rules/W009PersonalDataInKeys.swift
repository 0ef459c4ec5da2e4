internal import Glibc
internal import YAML

extension Rule {
  static let personalDataInKeys = Rule(
    code: "W009", name: "personal-data-in-keys", level: .warning,
    summary: "A list of targeting keys, or of values of a private attribute, holds an e-mail address.",
    explanation: """
      What stands in a flags tree goes into the history of a repository and into every snapshot, where it stays after \
      the person has asked to be forgotten. Use an opaque id of the user as targeting key, and a group or the domain \
      of the address (`endsWith`) instead of single addresses.
      """,
    badExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.
      include: [ada@acme.example]
      when:
        email: {endsWith: "@acme.example"}

      """),
    goodExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.
      include: [user-1815]
      when:
        email: {endsWith: "@acme.example"}

      """),
    check:
      .segment { segment, _, findings in
        let site = Site(file: segment.file)
        findings.add(Finding.personalData(in: segment.include, site))
        findings.add(Finding.personalData(in: segment.exclude, site))
        if let included = segment.includeFrom, let line = included.firstAddress {
          findings.add(.personalData(in: included, line: line, Site(file: included.file)))
        }
      },
    .config { config, _, _, findings in
      let site = Site(file: config.file, flag: config.flag, environment: config.environment)
      for target in config.targets { findings.add(Finding.personalData(in: target.keys, site)) }
    },
    .attributeTest { test, attribute, site, _, findings in
      guard attribute?.isPrivate == true || test.attribute.value == AttributeDeclaration.targetingKey else { return }
      for part in test.tests where part.operation.value == .in || part.operation.value == .notIn {
        let texts = part.operands.compactMap { operand in
          if case .string(let text) = operand.value { Located(text, at: operand.range) } else { nil }
        }
        findings.add(Finding.personalData(in: texts, site))
      }
    })
}

extension Finding {
  /// One finding for a list, at the first address.
  fileprivate static func personalData(in keys: [Located<String>], _ site: Site) -> [Finding] {
    guard let first = keys.first(where: { EmailAddress.isLikely($0.value.utf8) }) else { return [] }
    let count = keys.count { EmailAddress.isLikely($0.value.utf8) }
    return [personalData(first.value, count, at: first.range, site)]
  }

  fileprivate static func personalData(
    in keys: Segment.IncludedKeys, line: (number: Int, text: String), _ site: Site
  ) -> Finding {
    let start = SourcePosition(line: UInt32(line.number), column: 1)
    let end = SourcePosition(line: start.line, column: 1 + UInt32(line.text.unicodeScalars.count))
    let count = keys.keys.count { EmailAddress.isLikely(keys.bytes[$0]) }
    return personalData(line.text, count, at: SourceRange(start: start, end: end), site)
  }

  private static func personalData(_ text: String, _ count: Int, at range: SourceRange, _ site: Site) -> Finding {
    let others = count > 1 ? " (and \(counted(count - 1, "more")) in this list)" : ""
    return site.finding(
      .personalDataInKeys, "\(text.quoted) looks like an e-mail address\(others)",
      help: "use an opaque id, a group or a domain", at: range)
  }
}

/// What looks like an e-mail address: one `@` with something before it and a name with a dot behind it.
private enum EmailAddress {
  static func isLikely(_ text: some Collection<UInt8>) -> Bool {
    guard let at = text.firstIndex(of: UInt8(ascii: "@")), at > text.startIndex else { return false }
    let domain = text[at...].dropFirst()
    guard let dot = domain.firstIndex(of: UInt8(ascii: ".")), dot > domain.startIndex else { return false }
    return !domain[dot...].dropFirst().isEmpty && !text.contains(UInt8(ascii: " "))
      && !domain.contains(UInt8(ascii: "@"))
  }
}

extension Segment.IncludedKeys {
  /// The first line that looks like an e-mail address; one search for `@` when there is none.
  fileprivate var firstAddress: (number: Int, text: String)? {
    let hasSign = bytes.withUnsafeBytes { bytes in
      bytes.baseAddress.map { memchr($0, Int32(UInt8(ascii: "@")), bytes.count) != nil } ?? false
    }
    guard hasSign else { return nil }
    let addresses = keys.lazy.filter { EmailAddress.isLikely(bytes[$0]) }
    guard let first = addresses.min(by: { $0.lowerBound < $1.lowerBound }) else { return nil }
    let number = 1 + bytes[..<first.lowerBound].count { $0 == UInt8(ascii: "\n") }
    return (number, String(decoding: bytes[first], as: UTF8.self))
  }
}
