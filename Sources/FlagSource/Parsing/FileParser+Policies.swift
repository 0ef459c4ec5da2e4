internal import Ensign
internal import YAML

extension FileParser {
  /// What policies refer to.
  struct PolicyNames {
    var environments: [String]
    /// Nil when they could not all be read.
    var owners: [String]?
  }

  /// Reads `policies`.
  ///
  /// What this version could not enforce is refused, because people would rely on it.
  mutating func policies(_ node: Document.Node, _ names: PolicyNames) -> [Policy] {
    guard isMapping(node, orElse: Wanted(ManifestKey.policies)) else { return [] }
    var policies: [Policy] = []
    for (key, value) in node.entries {
      guard let environment = name(key, orElse: Wanted("a policy's environment", "a name", example: "production"))
      else { continue }
      if !names.environments.contains(environment.value) {
        report(.unknownEnvironment(environment.value, among: names.environments, at: place(key)))
      }
      if let policy = policy(value, of: environment, names) { policies.append(policy) }
    }
    return policies
  }

  private mutating func policy(
    _ node: Document.Node, of environment: Located<String>, _ names: PolicyNames
  ) -> Policy? {
    let wanted = Wanted("the policy of \(environment.value.quoted)", "a mapping", example: "{requireOwner: true}")
    guard let fields = enforceable(node, PolicyKey.self, orElse: wanted) else { return nil }
    var policy = Policy(environment: environment)
    policy.requireOwner = required(.requireOwner, fields)
    policy.requireTests = required(.requireTests, fields)
    policy.signedCommits = required(.signedCommits, fields)
    if let kinds = fields.value(PolicyKey.requireExpiry) {
      policy.requireExpiry = words(kinds, FlagKind.self, orElse: Wanted(PolicyKey.requireExpiry))
    }
    if let limit = fields.value(PolicyKey.maxMove) {
      policy.maxMove = percentage(limit, orElse: Wanted(PolicyKey.maxMove))
    }
    if let rules = fields.value(PolicyKey.forbid) { policy.forbid = forbidden(rules) }
    if let approvals = fields.value(PolicyKey.approvals) { policy.approvals = self.approvals(approvals, names) }
    if let freezes = fields.value(PolicyKey.freeze) { policy.freezes = self.freezes(freezes) }
    if let verdicts = fields.value(PolicyKey.autoApprove) {
      policy.autoApprove = words(verdicts, Policy.AutoApproval.self, orElse: Wanted(PolicyKey.autoApprove))
    }
    return policy
  }

  /// A switch that is on.
  private mutating func required(_ key: PolicyKey, _ fields: Fields) -> Located<Bool>? {
    fields.value(key).flatMap { boolean($0, orElse: Wanted(key)) }.flatMap { $0.value ? $0 : nil }
  }

  /// Takes a mapping apart of which every key must be known to be enforced.
  private mutating func enforceable<Key: MappingKey>(
    _ node: Document.Node, _: Key.Type, orElse wanted: @autoclosure () -> Wanted
  ) -> Fields? {
    fields(node, Key.self, orElse: wanted()) { key, nearest, place in
      .unenforcedPolicy(
        key, of: Key.mapping.description, allowed: Key.allCases.map(\.rawValue), nearest: nearest, at: place)
    }
  }

  /// A word of an enumeration, or a list of them.
  private mutating func words<Word: RawRepresentable<String> & CaseIterable & Sendable>(
    _ node: Document.Node, _: Word.Type, orElse wanted: Wanted
  ) -> [Located<Word>] {
    var words: [Located<Word>] = []
    for element in elementsOrOne(node, orElse: wanted) {
      if let word = word(element, Word.self, orElse: wanted) { words.append(word) }
    }
    return words
  }

  private mutating func forbidden(_ node: Document.Node) -> [Located<Policy.Forbidden>] {
    let wanted = Wanted(PolicyKey.forbid)
    var forbidden: [Located<Policy.Forbidden>] = []
    for element in elementsOrOne(node, orElse: wanted) {
      guard let text = text(element, orElse: wanted) else { continue }
      if let found = Policy.Forbidden(text: text.value) {
        forbidden.append(Located(found, at: element.range))
      } else {
        report(.unknownForbidden(text.value, at: place(element)))
      }
    }
    return forbidden
  }

  private mutating func approvals(_ node: Document.Node, _ names: PolicyNames) -> Policy.Approvals? {
    guard let fields = enforceable(node, ApprovalsKey.self, orElse: Wanted(PolicyKey.approvals)) else { return nil }
    if let from = fields.value(ApprovalsKey.from) {
      _ = word(from, ApprovalSource.self, orElse: Wanted(ApprovalsKey.from))
    }
    let groups = fields.value(ApprovalsKey.by).map {
      self.names($0, orElse: Wanted(ApprovalsKey.by), each: Wanted("a group", "an owner's name", example: "payments"))
    }
    if let known = names.owners {
      for group in groups ?? [] where !known.contains(group.value) {
        report(.unknownOwner(group.value, among: known, at: place(group.range)))
      }
    }
    let count = fields.value(ApprovalsKey.count).flatMap {
      wholeNumber($0, 1...100, orElse: Wanted(ApprovalsKey.count))
    }
    return Policy.Approvals(range: placeOfHead(node).range, groups: groups ?? [], count: count ?? 1)
  }

  private enum ApprovalSource: String, CaseIterable {
    case trailers
  }

  private mutating func wholeNumber(
    _ node: Document.Node, _ range: ClosedRange<Int64>, orElse wanted: @autoclosure () -> Wanted
  ) -> Int? {
    guard case .integer(let number) = node.value, range.contains(number) else {
      report(.wrongType(wanted(), found: node, at: place(node)))
      return nil
    }
    return Int(number)
  }

  private mutating func freezes(_ node: Document.Node) -> [Policy.Freeze] {
    guard isList(node, orElse: Wanted(PolicyKey.freeze)) else { return [] }
    var freezes: [Policy.Freeze] = []
    for element in node.elements {
      let wanted = Wanted("a freeze", "a mapping", example: "{from: 2026-12-20T00:00:00Z, until: 2027-01-02T00:00:00Z}")
      guard let fields = enforceable(element, FreezeKey.self, orElse: wanted) else { continue }
      let from = fields.value(FreezeKey.from).flatMap { timestamp($0, orElse: Wanted(FreezeKey.from)) }
      let until = fields.value(FreezeKey.until).flatMap { timestamp($0, orElse: Wanted(FreezeKey.until)) }
      let exceptions = fields.value(FreezeKey.except).map {
        words($0, Policy.Freeze.Exception.self, orElse: Wanted(FreezeKey.except))
      }
      guard let from, let until else { continue }
      guard from.value < until.value else {
        report(.emptyPeriod(from: place(from.range), at: place(until.range)))
        continue
      }
      freezes.append(
        Policy.Freeze(
          range: placeOfHead(element).range, from: from.value, until: until.value,
          exceptions: Set((exceptions ?? []).map(\.value))))
    }
    return freezes
  }
}
