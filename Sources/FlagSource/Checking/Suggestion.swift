/// The nearest known name, to be looked for when the findings are sorted.
///
/// Looking for it takes a comparison with every known name, so a tree with ten thousand mistakes gets the first of them
/// explained and not the last; looking in the order of reports, the same ones in every run and on every machine.
package struct Suggestion: Sendable {
  /// The name as written.
  let typed: Located<String>
  /// The names that would do, in the order in which they are suggested.
  let known: @Sendable () -> [String]
  /// What to say when no name is near; nil: list the known ones.
  let orElse: String?
  /// Whether writing the nearest name would be the change.
  let offersFix: Bool

  init(
    for typed: Located<String>, orElse: String? = nil, offersFix: Bool = true,
    among known: @escaping @Sendable () -> [String]
  ) {
    self.typed = typed
    self.known = known
    self.orElse = orElse
    self.offersFix = offersFix
  }
}

/// Turns suggestions into the help and the fixes of findings.
struct SuggestionResolver {
  private var comparisonsLeft = 500_000

  /// The finding with its help.
  mutating func resolve(_ finding: Finding) -> Finding {
    guard let suggestion = finding.suggestion else { return finding }
    var resolved = finding
    resolved.suggestion = nil
    resolved.help = suggestion.orElse ?? "write a name that exists"
    guard comparisonsLeft > 0 else { return resolved }
    let known = suggestion.known()
    comparisonsLeft -= known.count
    if let nearest = NearestName.find(suggestion.typed.value, among: known) {
      resolved.help = "did you mean \(nearest.quoted)?"
      resolved.fix = suggestion.offersFix ? .rename(to: nearest, at: suggestion.typed.range) : nil
    } else if suggestion.orElse == nil {
      resolved.help = known.isEmpty ? "there is none to name yet" : "write \(known.alternatives)"
    }
    return resolved
  }
}
