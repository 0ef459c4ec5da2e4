package import Ensign
package import YAML

extension Rule {
  package static let needlessMovement = Rule(
    code: "W050", name: "needless-movement", level: .warning,
    summary: "A change of weights moves more contexts than the new weights ask for.",
    explanation: """
      Variants of a `split` lie end to end in the space of hash values, so a change of one shifts those behind it, and \
      another seed or attribute deals everybody anew: people lose a variant that they could have kept. Write the \
      allocation as `ranges`, as the fix does: each variant keeps its old ranges up to its new weight. Add variants at \
      the end, and keep `seed` and `by`.
      """,
    badExample: Example(
      before: [Example.production(otherwise: "{split: {on: 30, off: 70}}")],
      change: [Example.production(otherwise: "{split: {off: 70, on: 30}}")]),
    goodExample: Example(
      before: [Example.production(otherwise: "{split: {on: 30, off: 70}}")],
      change: [Example.production(otherwise: "{split: {on: 40, off: 60}}")]),
    stage: .review)
}

extension Finding {
  /// A part of an allocation: a variant with its first hash value of 100,000, and the first one behind it.
  package typealias AllocatedRange = (variant: String, from: Percentage, to: Percentage)

  /// An allocation as the language writes it: `{on: [[0, 20]], off: [[20, 100]]}`.
  package static func allocation(_ ranges: [AllocatedRange]) -> String {
    var order: [String] = []
    var lists: [String: [String]] = [:]
    for range in ranges {
      if lists[range.variant] == nil { order.append(range.variant) }
      lists[range.variant, default: []].append("[\(range.from), \(range.to)]")
    }
    let members = order.map { "\(PlainScalar.text(of: $0)): [\(lists[$0, default: []].joined(separator: ", "))]" }
    return "{\(members.joined(separator: ", "))}"
  }

  /// - Parameters:
  ///   - moved: how much moves, such as `20 %`.
  ///   - unavoidable: how much has to.
  ///   - isRedealt: whether another seed or attribute is the reason.
  ///   - ranges: the allocation that moves no more.
  ///   - hashing: what has to stand beside `ranges` for that, such as `seed: checkout`.
  package static func needlessMovement(
    _ moved: String, unavoidable: String, isRedealt: Bool, ranges: [AllocatedRange],
    hashing: [(key: String, value: String)],
    in config: EnvironmentConfig, at range: SourceRange
  ) -> Finding {
    let members =
      ["ranges: \(allocation(ranges))"] + hashing.map { "\($0.key): \(PlainScalar.text(of: $0.value))" }
    let serve = "{\(members.joined(separator: ", "))}"
    let why = isRedealt ? ", because another seed or attribute deals everybody anew" : ""
    return Site(file: config.file, flag: config.flag, environment: config.environment).finding(
      .needlessMovement, "this moves \(moved) where \(unavoidable) suffice\(why)",
      help: "write `\(serve)`, which moves no more than it has to", at: range,
      fix: Fix(
        title: "write the allocation as `ranges`", applicability: .unsafe,
        edits: [Fix.Edit(range: range, replacement: serve)]))
  }
}
