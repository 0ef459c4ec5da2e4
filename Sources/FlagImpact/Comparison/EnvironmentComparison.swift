package import Ensign

extension EnvironmentImpact {
  /// Compares two versions of an environment.
  ///
  /// - Parameters:
  ///   - before: the old version.
  ///   - after: the new one.
  ///   - moment: the moment that movements are told for; what is different later is told apart.
  ///   - budget: the work for each flag.
  package static func compare(
    _ before: AnalyzedEnvironment, _ after: AnalyzedEnvironment, at moment: Timestamp,
    budget: AnalysisBudget = .standard
  ) -> EnvironmentImpact {
    let comparison = EnvironmentComparison(before, after)
    let workspace = Workspace([before, after])
    let flags = comparison.reached.map { key in
      var impact = FlagComparison(key, at: moment, budget, workspace).run()
      impact.changedSegments = comparison.segments(of: key)
      impact.changedPrerequisites = comparison.prerequisites(of: key)
      return impact
    }
    return EnvironmentImpact(
      environment: after.environment, flags: flags, untouched: comparison.keys.count - flags.count,
      verdict: Verdict.combined(flags.map(\.verdict)), segments: comparison.segmentFanOut,
      prerequisites: comparison.prerequisiteFanOut)
  }

  /// Counts which contexts of a population move, flag by flag, by asking the evaluator.
  ///
  /// - Parameters:
  ///   - contexts: the population.
  ///   - moment: the moment of evaluation.
  /// - Returns: a count for each of ``flags``.
  package func count(
    _ contexts: [Context], _ before: AnalyzedEnvironment, _ after: AnalyzedEnvironment, at moment: Timestamp
  ) -> [PopulationCount] {
    flags.map { flag in
      var counts: [[String?]: Int] = [:]
      for context in contexts {
        var context = context
        context.now = moment
        let old = before.snapshot.evaluate(flag.key, in: context)
        let new = after.snapshot.evaluate(flag.key, in: context)
        if old.variant != new.variant || old.value != new.value { counts[[old.variant, new.variant], default: 0] += 1 }
      }
      let transitions = counts.map { PopulationCount.Transition(before: $0[0], after: $0[1], count: $1) }
      return PopulationCount(
        key: flag.key, total: contexts.count,
        transitions: transitions.sorted { left, right in
          (right.count, left.before ?? "", left.after ?? "") < (left.count, right.before ?? "", right.after ?? "")
        })
    }
  }
}

/// Which parts of an environment changed, and which flags they reach.
struct EnvironmentComparison {
  /// The keys of the flags of both versions, sorted.
  let keys: [String]
  /// The flags to be analysed, sorted: changed ones, and those that changed parts reach.
  let reached: [String]
  /// The changed segments and flags.
  private let changedSegments: Set<String>
  private let changedFlags: Set<String>
  /// Of the flags reached, the changed segments and other changed flags that they use.
  private var uses: [String: (segments: Set<String>, flags: Set<String>)] = [:]

  init(_ before: AnalyzedEnvironment, _ after: AnalyzedEnvironment) {
    let changedSegments = Self.changed(\.segments, before, after)
    var changedFlags = Self.changed(\.flags, before, after)
    // A condition that is written the same means something else when its attribute's type changed.
    let retyped = Set(before.attributes.keys).intersection(after.attributes.keys).contains {
      before.attributes[$0] != after.attributes[$0]
    }
    keys = Set(before.flagKeys).union(after.flagKeys).sorted(by: ExactText.precedes)
    if retyped { changedFlags = Set(keys) }
    self.changedSegments = changedSegments
    self.changedFlags = changedFlags
    if changedSegments.isEmpty && changedFlags.isEmpty {
      reached = []
      return
    }
    for environment in [before, after] {
      var reach = Reach(environment, changedSegments, changedFlags)
      for (place, key) in environment.flagKeys.enumerated() {
        let found = reach.uses(ofFlagAt: place)
        guard changedFlags.contains(key) || !found.segments.isEmpty || !found.flags.isEmpty else { continue }
        uses[key, default: ([], [])].segments.formUnion(found.segments)
        uses[key, default: ([], [])].flags.formUnion(found.flags.subtracting([key]))
      }
    }
    reached = uses.keys.sorted(by: ExactText.precedes)
  }

  private static func changed(
    _ parts: KeyPath<AnalyzedEnvironment, AnalyzedEnvironment.Parts>, _ before: AnalyzedEnvironment,
    _ after: AnalyzedEnvironment
  ) -> Set<String> {
    let keys = Set(before[keyPath: parts].keys).union(after[keyPath: parts].keys)
    return keys.filter { !AnalyzedEnvironment.isEqual(parts, $0, before, after) }
  }

  func segments(of key: String) -> [String] { (uses[key]?.segments ?? []).sorted(by: ExactText.precedes) }
  func prerequisites(of key: String) -> [String] { (uses[key]?.flags ?? []).sorted(by: ExactText.precedes) }

  var segmentFanOut: [EnvironmentImpact.FanOut] {
    changedSegments.sorted(by: ExactText.precedes).map { segment in
      EnvironmentImpact.FanOut(key: segment, flags: reached.filter { uses[$0]?.segments.contains(segment) == true })
    }
  }

  var prerequisiteFanOut: [EnvironmentImpact.FanOut] {
    changedFlags.sorted(by: ExactText.precedes).compactMap { flag in
      let flags = reached.filter { uses[$0]?.flags.contains(flag) == true }
      return flags.isEmpty ? nil : EnvironmentImpact.FanOut(key: flag, flags: flags)
    }
  }
}

/// Which changed parts each flag of one version uses, found once for each part.
private struct Reach {
  let environment: AnalyzedEnvironment
  let changedSegments: Set<String>
  let changedFlags: Set<String>
  private var segments: [String: Set<String>] = [:]
  private var flags: [Int: (segments: Set<String>, flags: Set<String>)] = [:]

  init(_ environment: AnalyzedEnvironment, _ changedSegments: Set<String>, _ changedFlags: Set<String>) {
    self.environment = environment
    self.changedSegments = changedSegments
    self.changedFlags = changedFlags
  }

  mutating func uses(ofFlagAt place: Int) -> (segments: Set<String>, flags: Set<String>) {
    if let known = flags[place] { return known }
    let mentions = environment.mentions(ofFlagAt: place)
    var found: (segments: Set<String>, flags: Set<String>) = ([], [])
    for segment in mentions.segments { found.segments.formUnion(uses(ofSegment: segment)) }
    for flag in mentions.flags {
      if changedFlags.contains(flag) { found.flags.insert(flag) }
      guard let other = environment.flags.place(flag) else { continue }
      let inner = uses(ofFlagAt: other)
      found.segments.formUnion(inner.segments)
      found.flags.formUnion(inner.flags)
    }
    flags[place] = found
    return found
  }

  private mutating func uses(ofSegment key: String) -> Set<String> {
    if let known = segments[key] { return known }
    var found: Set<String> = changedSegments.contains(key) ? [key] : []
    if let place = environment.segments.place(key) {
      for inner in environment.mentions(ofSegmentAt: place) { found.formUnion(uses(ofSegment: inner)) }
    }
    segments[key] = found
    return found
  }
}
