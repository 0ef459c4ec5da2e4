package import Ensign
package import FlagSource
internal import YAML

/// A change of how many get a variant, in one place of a config.
package struct Rollout: Sendable {
  /// What serves.
  package enum Place: Hashable, Sendable {
    case rule(String)
    case otherwise
  }

  /// What is to be written.
  enum Form: Hashable, Sendable {
    /// The part of a rule's matching contexts that take part.
    case share(Int)
    /// Everyone gets it.
    case variant(String)
    /// Weights in the order in which they are written.
    case split([Weight])
    /// Explicit intervals, of the variants in this order.
    case ranges(Allocation, [String])
  }

  /// A variant's buckets.
  struct Weight: Hashable, Sendable {
    var variant: String
    var buckets: Int
  }

  package let place: Place
  /// What stands there afterwards; nil when it stands there already.
  let form: Form?
  /// Of 100,000 buckets, those whose answer changes.
  package let moves: Int
  /// Of those, the ones without which the new weights cannot be had.
  package let leastMoves: Int

  /// Whether there is something to do.
  package var isChange: Bool { form != nil }

  /// Plans a new percentage.
  ///
  /// - Parameters:
  ///   - config: the file as it is.
  ///   - place: the rule, or `otherwise`.
  ///   - variant: who gets the percentage; nil for the share of a rule.
  ///   - percentage: how many.
  ///   - rest: who gets the rest where everyone has the variant now.
  ///   - keepsUsers: whether to write `ranges`, so that only those move who must.
  package init(
    in config: EnvironmentConfig, at place: Place, variant: String?, to percentage: Percentage, rest: String,
    keepsUsers: Bool
  ) throws(FlagEditError) {
    self.place = place
    let serve: Located<EnvironmentConfig.Serve>
    var share: EnvironmentConfig.Share?
    switch place {
    case .otherwise: serve = config.otherwise
    case .rule(let name):
      guard let rule = config.rules.first(where: { $0.name.value == name }) else {
        let names = config.rules.map(\.name.value)
        let nearest = NearestName.find(name, among: names).map { "did you mean '\($0)'?" }
        let known = names.isEmpty ? "the flag has no rules there" : "known: " + names.joined(separator: ", ")
        throw FlagEditError("there is no rule '\(name)'", help: nearest ?? known)
      }
      serve = rule.serve
      share = rule.share
    }
    guard let variant else {
      form = try Self.share(percentage.buckets, instead: share, place, serve)
      moves = form == nil ? 0 : abs(percentage.buckets - (share?.percentage.value.buckets ?? Bucketing.count))
      leastMoves = moves
      return
    }
    let plan = try Self.serve(serve, giving: percentage.buckets, to: variant, rest: rest, keepsUsers: keepsUsers)
    (form, moves, leastMoves) = (plan.form, plan.moves, plan.leastMoves)
  }

  private static func share(
    _ buckets: Int, instead share: EnvironmentConfig.Share?, _ place: Place, _ serve: Located<EnvironmentConfig.Serve>
  ) throws(FlagEditError) -> Form? {
    if let share { return share.percentage.value.buckets == buckets ? nil : .share(buckets) }
    guard case .rule = place else {
      throw FlagEditError("`otherwise` is for everyone: it has no share", at: serve.range, help: "name the --variant")
    }
    guard case .variant = serve.value else {
      throw FlagEditError(
        "the rule serves several variants, so the percentage may be of its share or of one of them", at: serve.range,
        help: "name the --variant; or write `share:` into the rule by hand, which rollout changes from then on")
    }
    return buckets == Bucketing.count ? nil : .share(buckets)
  }

  private static func serve(
    _ serve: Located<EnvironmentConfig.Serve>, giving buckets: Int, to variant: String, rest: String, keepsUsers: Bool
  ) throws(FlagEditError) -> (form: Form?, moves: Int, leastMoves: Int) {
    guard let before = Allocation(serve.value) else {
      throw FlagEditError(
        "a ramp serves here, which goes up by itself as its steps say", at: serve.range,
        help: "edit its steps, or replace it by a variant or a split")
    }
    let written = Self.written(serve.value, before)
    if before.buckets(of: variant) == buckets { return (nil, 0, 0) }
    guard let weights = Self.weights(written, giving: buckets, to: variant, rest: rest) else {
      throw FlagEditError(
        "everyone gets '\(variant)' here, and nothing says who gets the rest", at: serve.range,
        help: "give another variant its percentage instead")
    }
    let wanted = Allocation(weights: weights.map { ($0.variant, $0.buckets) })
    let least = before.leastMoves(to: wanted)
    var form = Form.split(weights)
    var after = wanted
    if case .ranges = serve.value {
      after = before.moved(least: wanted)
      form = .ranges(after, weights.map(\.variant))
    } else if case .variant = serve.value, wanted.intervals.count == 1 {
      form = .variant(variant)
    } else if keepsUsers {
      after = before.moved(least: wanted)
      form = .ranges(after, weights.map(\.variant))
    }
    return (form, before.moves(to: after), least)
  }

  /// The variants in the order of the file.
  private static func written(_ serve: EnvironmentConfig.Serve, _ allocation: Allocation) -> [Weight] {
    switch serve {
    case .split(let weights, _): weights.map { Weight(variant: $0.variant.value, buckets: $0.percentage.value.buckets) }
    case .ranges(let all, _):
      all.map { Weight(variant: $0.variant.value, buckets: allocation.buckets(of: $0.variant.value)) }
    default: allocation.weights.map { Weight(variant: $0.variant, buckets: $0.buckets) }
    }
  }

  /// The weights with which one variant has so many buckets; the others share the rest as they shared before.
  private static func weights(
    _ old: [Weight], giving buckets: Int, to variant: String, rest: String
  ) -> [Weight]? {
    let remaining = Bucketing.count - buckets
    var weights = old
    if !weights.contains(where: { $0.variant == variant }) {
      let new = Weight(variant: variant, buckets: 0)
      // Beside one variant for everyone the new one comes first, so that raising it later moves no others.
      if weights.count == 1 { weights.insert(new, at: 0) } else { weights.append(new) }
    }
    var others = weights.indices.filter { weights[$0].variant != variant }
    if remaining > 0, others.allSatisfy({ weights[$0].buckets == 0 }) {
      guard rest != variant else { return nil }
      if !weights.contains(where: { $0.variant == rest }) { weights.append(Weight(variant: rest, buckets: 0)) }
      others = weights.indices.filter { weights[$0].variant == rest }
    }
    let parts = Allocation.divide(remaining, by: others.map { weights[$0].buckets })
    for (index, part) in zip(others, parts) { weights[index].buckets = part }
    for index in weights.indices where weights[index].variant == variant { weights[index].buckets = buckets }
    return weights
  }
}

// MARK: - Writing

extension Rollout {
  /// The text of a config with the new percentage.
  package func edited(_ bytes: [UInt8]) throws(FlagEditError) -> [UInt8] {
    guard let form else { return bytes }
    var file = try MappingEditor(bytes)
    switch form {
    case .share(let buckets): try setShare(Self.percent(buckets), in: &file)
    case .variant(let variant): try replaceServe(by: .text(variant), in: &file)
    case .split(let weights):
      let entries = weights.map { Content.Entry(.text($0.variant), Self.percent($0.buckets)) }
      try set(entries, as: "split", in: &file)
    case .ranges(let allocation, let variants):
      let entries = variants.map { variant in
        Content.Entry(
          .text(variant),
          .sequence(
            allocation.intervals(of: variant).map { .sequence([Self.percent($0.from), Self.percent($0.to)]) }))
      }
      try set(entries, as: "ranges", in: &file)
    }
    return file.editor.bytes
  }

  private static func percent(_ buckets: Int) -> Content { .plain(Percentage(buckets: buckets).description) }

  /// The rule's mapping, or the file's for `otherwise`, and the key under which it serves.
  private func holder(in file: MappingEditor) throws(FlagEditError) -> (node: Document.Node, key: String) {
    guard case .rule(let name) = place else { return (file.editor.root, "otherwise") }
    let rule = file.value("rules")?.elements.first { $0.value("name")?.textEquals(name) == true }
    guard let rule else { throw FlagEditError("there is no rule '\(name)'") }
    return (rule, "serve")
  }

  private func serve(in file: MappingEditor) throws(FlagEditError) -> Document.Node {
    let (node, key) = try holder(in: file)
    guard let serve = node.value(key) else { throw FlagEditError("there is no `\(key)`", at: node.range) }
    return serve
  }

  private func setShare(_ percent: Content, in file: inout MappingEditor) throws(FlagEditError) {
    let rule = try holder(in: file).node
    if let share = rule.value("share") {
      try file.edit { editor throws(EditError) in try editor.replace(share, by: percent) }
      return
    }
    // Behind what says whom the rule concerns.
    let position = rule.entries.enumerated().reduce(0) { last, entry in
      ["name", "when"].contains(entry.element.key.text) ? max(last, entry.offset) : last
    }
    try file.edit { editor throws(EditError) in
      try editor.insert(Content.Entry(.text("share"), percent), into: rule, after: position)
    }
  }

  private func replaceServe(by content: Content, in file: inout MappingEditor) throws(FlagEditError) {
    let serve = try serve(in: file)
    try file.edit { editor throws(EditError) in try editor.replace(serve, by: content) }
  }

  /// Writes weights or intervals: into the mapping that is there, value by value, or else as a new one.
  private func set(
    _ entries: [Content.Entry], as form: String, in file: inout MappingEditor
  ) throws(FlagEditError) {
    let serve = try serve(in: file)
    guard serve.kind == .mapping else {
      try file.edit { editor throws(EditError) in
        try editor.replace(serve, by: .mapping([.init(.text(form), .mapping(entries))]))
      }
      return
    }
    if let key = serve.entries.first(where: { ["split", "ranges"].contains($0.key.text) })?.key, !key.textEquals(form) {
      try file.edit { editor throws(EditError) in try editor.replace(key, by: .text(form)) }
    }
    for entry in entries {
      guard let parts = try self.serve(in: file).value(form), case .scalar(let variant, _) = entry.key else { return }
      if let value = parts.value(variant) {
        if Self.means(value, entry.value) { continue }
        try file.edit { editor throws(EditError) in try editor.replace(value, by: entry.value) }
      } else {
        try file.edit { editor throws(EditError) in try editor.insert(entry, into: parts, after: parts.count - 1) }
      }
    }
  }

  /// Whether a node says the same, were its percentages written as we write them: `25.0` stays where it means 25.
  private static func means(_ node: Document.Node, _ content: Content) -> Bool {
    switch (node.kind, content) {
    case (.scalar, .scalar(let text, _)):
      (try? Percentage(node.text)).map { $0 == (try? Percentage(text)) } ?? false
    case (.sequence, .sequence(let elements)):
      node.count == elements.count && zip(node.elements, elements).allSatisfy { means($0, $1) }
    default: false
    }
  }
}
