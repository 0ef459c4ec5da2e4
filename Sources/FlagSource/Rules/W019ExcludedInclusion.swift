extension Rule {
  static let excludedInclusion = Rule(
    code: "W019", name: "excluded-inclusion", level: .warning,
    summary: "A targeting key is both included in a segment and excluded from it.",
    explanation: """
      `exclude` wins over `include` and `includeFrom`, so including the key has no effect. Decide which of the two is \
      meant.
      """,
    badExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.
      include: [user-1, user-2]
      exclude: [user-2]

      """),
    goodExample: Example(
      "segments/staff.yaml",
      """
      description: Our own people.
      include: [user-1]
      exclude: [user-2]

      """),
    check: .segment { segment, _, findings in
      guard !segment.exclude.isEmpty else { return }
      let included = Dictionary(segment.include.map { ($0.value, $0) }) { first, _ in first }
      for key in segment.exclude {
        if let first = included[key.value] {
          findings.add(
            .excludedInclusion(key, Note("it is included here", file: segment.file, range: first.range), segment))
        } else if let list = segment.includeFrom, list.contains(key.value) {
          let note = Note("\(list.name.value.quoted) includes it", file: segment.file, range: list.name.range)
          findings.add(.excludedInclusion(key, note, segment))
        }
      }
    })

  private typealias Note = Finding.Note
}

extension Segment.IncludedKeys {
  /// Whether one of the keys is `key`.
  ///
  /// - Complexity: O(log *n*) comparisons.
  fileprivate func contains(_ key: String) -> Bool {
    let wanted = key.utf8
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if bytes[keys[middle]].lexicographicallyPrecedes(wanted) { low = middle + 1 } else { high = middle }
    }
    return low < keys.count && bytes[keys[low]].elementsEqual(wanted)
  }
}

extension Finding {
  fileprivate static func excludedInclusion(_ key: Located<String>, _ note: Note, _ segment: Segment) -> Finding {
    Site(file: segment.file).finding(
      .excludedInclusion, "targeting key \(key.value.quoted) is included and excluded, and so is not in the segment",
      help: "remove it from one of the two", at: key.range, notes: [note])
  }
}
