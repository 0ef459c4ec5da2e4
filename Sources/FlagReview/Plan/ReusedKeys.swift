package import FlagSource
package import Git

/// Flags that a change makes anew under the key of an old one.
package enum ReusedKeys {
  /// How many new keys are looked for in the history: each takes a walk over it.
  package static let greatestCount = 50

  /// The findings about them.
  ///
  /// - Parameters:
  ///   - before: the base.
  ///   - after: the tree after the change.
  ///   - history: what became of a flag that the base does not have, such as `was removed in 3988c31af1`; nil when there
  ///     never was one.
  package static func findings(
    from before: FlagsTree, to after: FlagsTree, history: (_ key: String) throws(GitError) -> String?
  ) throws(GitError) -> [Finding] {
    var findings: [Finding] = []
    var unknown: [Definition] = []
    for definition in after.definitions where !definition.isArchived {
      guard let old = before.definition(of: definition.key) else {
        unknown.append(definition)
        continue
      }
      if old.isArchived { findings.append(.reusedKey(definition, past: "was archived")) }
    }
    for definition in unknown.prefix(greatestCount) {
      guard let past = try history(definition.key) else { continue }
      findings.append(.reusedKey(definition, past: past))
    }
    return findings
  }

  /// How many new flags are beyond what is looked into.
  package static func unseenCount(from before: FlagsTree, to after: FlagsTree) -> Int {
    let new = after.definitions.count { !$0.isArchived && before.definition(of: $0.key) == nil }
    return max(0, new - greatestCount)
  }
}
