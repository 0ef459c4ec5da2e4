internal import Ensign

/// The movements of one flag, period by period: at the moment of the analysis, and later where that differs.
struct Periods {
  let space: Space
  let builder: DecisionBuilder
  let search: WitnessSearch
  let comparison: FlagComparison
  /// Groups of more regions are told by what decides for them, where that says it all.
  let mostRegions: Int

  private(set) var periods: [Period] = []
  private var limitations: [String] = []
  private var disagreements: [String] = []
  /// Directions that movements may have beyond those that were found.
  private var possible: Verdict = .equivalent

  /// Words for cells, which many regions have alike.
  private var knownWords: [WordsKey: String?] = [:]

  private struct WordsKey: Hashable {
    let axis: Int
    let cells: [UInt64]
    let isHashed: Bool
  }

  struct Period {
    var cells: ClosedRange<Int>
    var pair: [Diagram.Node]
    var groups: [Group]
    var lines: [Line] = []
    var movements: [Movement] = []
  }

  /// The disjoint regions whose contexts move in one way.
  struct Group {
    var regions: [Region]
    var count: Explorer.Count
  }

  /// What is told of a group, or of a part of it.
  struct Line {
    var description: GroupDescription
    /// The regions that are described.
    var regions: [Region]
    var count: Explorer.Count
  }

  /// More cells of time than this are not looked into.
  private static let maximumCells = 200

  init(
    space: Space, builder: DecisionBuilder, search: WitnessSearch, comparison: FlagComparison, mostRegions: Int
  ) {
    self.mostRegions = mostRegions
    self.space = space
    self.builder = builder
    self.search = search
    self.comparison = comparison
  }

  // MARK: Exploring

  /// Explores the cell of the moment, and those after it.
  mutating func explore(_ pair: Explorer.Pair, from first: Int) {
    let last = min(space.time.cells.count - 1, first + Self.maximumCells)
    if last < space.time.cells.count - 1 {
      limit("What changes after \(Timestamp(milliseconds: space.time.cells[last].upperBound)) was not looked into.")
      possible = .undecided
    }
    for cell in first...last {
      let region = space.restricted(space.everything, toTime: cell)
      space.diagram.begin()
      let nodes = [pair.before, pair.after, pair.labelledBefore, pair.labelledAfter].map {
        space.diagram.simplify($0, in: region)
      }
      if let period = periods.last, period.pair == nodes {
        periods[periods.count - 1].cells = period.cells.lowerBound...cell
        continue
      }
      let here = Explorer.Pair(
        before: nodes[0], after: nodes[1], labelledBefore: nodes[2], labelledAfter: nodes[3])
      if pair.before != pair.after { noteUncertainty(pair, cell) }
      periods.append(Period(cells: cell...cell, pair: nodes, groups: united(explore(here, in: region))))
    }
    let segments = SegmentDescriptions(space, builder)
    for index in periods.indices { describe(index, segments) }
  }

  /// Notes what keeps a cell of time from being proven.
  private mutating func noteUncertainty(_ pair: Explorer.Pair, _ cell: Int) {
    if space.time.isAmbiguous[cell] {
      limit("Two linear ramps with the same seed are under way at once; one may overtake the other in between.")
      possible = .undecided
    }
    let atoms = space.diagram.atoms(of: pair.before).union(space.diagram.atoms(of: pair.after))
    let axes = Set(atoms.map { space.diagram.atoms[$0].axis })
    for axis in axes.sorted() where axis > 0 && axis < space.firstHash && !space.attributes[axis - 1].isComplete {
      limit("The tests of \(space.attributes[axis - 1].attribute) are too many to combine.")
      possible = .undecided
    }
  }

  private mutating func explore(_ pair: Explorer.Pair, in region: Region) -> Explorer {
    let explorer = Explorer(space, limit: comparison.budget.steps)
    explorer.explore(region, pair)
    if !explorer.remainders.isEmpty {
      limit("The budget of \(comparison.budget.steps) steps ended before all contexts were looked at.")
      for remainder in explorer.remainders { notePossible(remainder) }
    }
    return explorer
  }

  /// Takes into account what may happen in a region that was not looked into.
  private mutating func notePossible(_ remainder: Explorer.Remainder) {
    let after = space.diagram.terminals(of: remainder.after)
    for before in space.diagram.terminals(of: remainder.before) {
      for after in after where before != after {
        possible = possible.combined(with: direction(before, after))
      }
    }
  }

  private func direction(_ before: Int32, _ after: Int32) -> Verdict {
    let (before, after) = (builder.outcomes[Int(before)], builder.outcomes[Int(after)])
    return comparison.direction(from: before.variant, to: after.variant)
  }

  private mutating func limit(_ sentence: String) {
    if !limitations.contains(sentence) { limitations.append(sentence) }
  }

  // MARK: Groups

  private struct EffectKey: Hashable {
    let before: Int32
    let after: Int32
    let numerator: UInt128
    let hashes: Set<Int>
    /// The buckets, not only how many: an example of one region has to be one of the other.
    let buckets: [Region]
  }

  /// The buckets of an effect; of one hash all together, however they were found.
  private func buckets(of effect: Explorer.Effect) -> [Region] {
    var boxes = effect.boxes.map { Region($0[space.layout.starts[space.firstHash]...]) }
    if effect.hashes.count <= 1, effect.boxes.count <= Explorer.Effect.maximumBoxes, var union = boxes.popLast() {
      for box in boxes { for word in union.indices { union[word] |= box[word] } }
      return [union]
    }
    boxes.sort { $0.lexicographicallyPrecedes($1) }
    return boxes
  }

  /// The leaves' regions, those with the same effects united.
  private func united(_ explorer: Explorer) -> [Group] {
    var groups: [(regions: [Region], count: Int)] = []
    var places: [[EffectKey]: Int] = [:]
    var placesOfCounts: [Int: Int] = [:]
    for leaf in explorer.leaves {
      let place: Int
      if let known = placesOfCounts[leaf.count] {
        place = known
      } else {
        let key = key(of: explorer.counts[leaf.count])
        place = places[key] ?? groups.count
        if place == groups.count { groups.append(([], leaf.count)) }
        places[key] = place
        placesOfCounts[leaf.count] = place
      }
      groups[place].regions.append(leaf.region)
    }
    return groups.map { group in
      Group(
        regions: RegionMerging.merge(group.regions, space.layout, axes: 1..<space.firstHash),
        count: explorer.counts[group.count])
    }
  }

  /// What is alike where contexts move alike.
  private func key(of count: Explorer.Count) -> [EffectKey] {
    count.effects.map { effect in
      EffectKey(
        before: effect.before, after: effect.after, numerator: effect.numerator, hashes: effect.hashes,
        buckets: buckets(of: effect))
    }.sorted { ($0.before, $0.after) < ($1.before, $1.after) }
  }

  // MARK: Lines

  private mutating func describe(_ index: Int, _ segments: SegmentDescriptions) {
    let nodes = isLabelled(periods[index]) ? Array(periods[index].pair[2...]) : nil
    let lines = periods[index].groups.flatMap { self.lines(of: $0, segments, nodes) }
    let movements = lines.compactMap { movement($0) }
    periods[index].lines = lines
    let keys = movements.map { (buckets: $0.buckets, words: $0.region.words) }
    periods[index].movements = movements.indices.sorted { left, right in
      keys[left].buckets == keys[right].buckets
        ? ExactText.precedes(keys[left].words, keys[right].words) : keys[left].buckets > keys[right].buckets
    }.map { movements[$0] }
  }

  /// - Parameter nodes: of both versions, places told apart; nil when they are not for all groups.
  private mutating func lines(
    of group: Group, _ segments: SegmentDescriptions, _ nodes: [Diagram.Node]?
  ) -> [Line] {
    let count = group.count
    let boxes = group.regions.map {
      Line(description: .region(memberships: [], box: $0), regions: [$0], count: count)
    }
    if let parts = segments.parts(group.regions) {
      let lines = parts.map { Line(description: $0.description, regions: $0.regions, count: count) }
      if isShorter(lines, than: boxes) { return lines }
    }
    if boxes.count > mostRegions, let nodes, let description = decisions(of: count, nodes) {
      return [Line(description: description, regions: group.regions, count: count)]
    }
    return boxes
  }

  /// Whether lines are fewer, or have fewer tests, or fewer letters.
  private mutating func isShorter(_ lines: [Line], than others: [Line]) -> Bool {
    if lines.count != others.count { return lines.count < others.count }
    let (mine, theirs) = (lines.map { self.words($0) }, others.map { self.words($0) })
    let tests = (mine.reduce(0) { $0 + $1.tests.count }, theirs.reduce(0) { $0 + $1.tests.count })
    if tests.0 != tests.1 { return tests.0 < tests.1 }
    return mine.reduce(0) { $0 + $1.words.utf8.count } < theirs.reduce(0) { $0 + $1.words.utf8.count }
  }

  /// Whether it is known of all groups what decides for them, in both versions.
  private func isLabelled(_ period: Period) -> Bool {
    period.groups.lazy.flatMap(\.count.effects).allSatisfy { effect in
      (comparison.hasFlag(side: 0) == (builder.outcomes[Int(effect.before)].place != nil))
        && (comparison.hasFlag(side: 1) == (builder.outcomes[Int(effect.after)].place != nil))
    }
  }

  /// What decides for a group, if it is the only one for which these decide.
  ///
  /// It is where they decide for all buckets or none, and serve everyone alike: then all for whom they decide move in the
  /// same way.
  ///
  /// - Parameter nodes: of both versions, places told apart.
  private func decisions(of count: Explorer.Count, _ nodes: [Diagram.Node]) -> GroupDescription? {
    let places = Set(
      count.effects.map { [builder.outcomes[Int($0.before)].place, builder.outcomes[Int($0.after)].place] })
    guard places.count == 1, let place = places.first,
      (0...1).allSatisfy({ comparison.servesAlike(place[$0], side: $0) && isSettled(place[$0], nodes[$0]) })
    else { return nil }
    return .decisions(before: place[0], after: place[1])
  }

  /// Whether attributes alone settle if a place decides.
  private func isSettled(_ place: Evaluation.Place?, _ node: Diagram.Node) -> Bool {
    let question = space.diagram.replacingTerminals(of: node) { number in
      space.diagram.terminal(GroupDescription.isSame(builder.outcomes[Int(number)].place, place) ? 1 : 0)
    }
    return space.diagram.hashes(of: question).isEmpty
  }

  // MARK: Movements

  private mutating func movement(_ line: Line) -> Movement? {
    let isProven = line.regions.contains(where: space.isProven)
    var transitions: [Transition] = []
    // Of regions that are told together, one in which all that happens can happen stands for them.
    for region in line.regions where space.isProven(region) || !isProven {
      let found = line.count.effects.compactMap { effect in
        transition(effect, in: region, dimensions: line.count.dimensions)
      }
      if found.count > transitions.count { transitions = found }
      if transitions.count == line.count.effects.count { break }
    }
    guard !transitions.isEmpty else { return nil }
    transitions.sort { $0.measure.buckets > $1.measure.buckets }
    for transition in transitions where !isProven {
      possible = possible.combined(
        with: comparison.direction(from: transition.before.variant, to: transition.after.variant))
    }
    return Movement(
      region: words(line), transitions: transitions, isPossibleOnly: !isProven,
      preemption: transitions.lazy.compactMap(comparison.preemption).first)
  }

  private mutating func transition(
    _ effect: Explorer.Effect, in region: Region, dimensions: Int
  ) -> Transition? {
    let (before, after) = (builder.outcomes[Int(effect.before)], builder.outcomes[Int(effect.after)])
    var transition = Transition(
      before: Transition.Outcome(variant: before.variant, value: before.value, decidedBy: before.place),
      after: Transition.Outcome(variant: after.variant, value: after.value, decidedBy: after.place),
      measure: Self.measure(effect, dimensions: dimensions), witness: nil, note: nil)
    let boxes = effect.boxes.prefix(Explorer.Effect.maximumBoxes).map { combine($0, region) }
    var isImpossible = effect.boxes.count <= Explorer.Effect.maximumBoxes
    for box in boxes {
      switch search.find(in: box) {
      case .found(let witness):
        transition.witness = witness
        verify(&transition, witness)
        return transition
      case .impossible: continue
      case .unknown: isImpossible = false
      }
    }
    // Finitely many values can be hashed here, and none of them falls into the buckets that move.
    if isImpossible { return nil }
    guard space.isProven(region) else {
      transition.note = "no example of such a context was found, and it is not proven that there is none"
      return transition
    }
    if let witness = boxes.lazy.compactMap(search.findForced).first {
      transition.witness = witness
      transition.note = "no value was found that falls into these buckets, so the bucket is forced"
      verify(&transition, witness)
    } else {
      transition.note = "no value was found that falls into these buckets: such contexts are rare"
    }
    return transition
  }

  /// A box's buckets within the attributes of a region that was united.
  private func combine(_ box: Region, _ region: Region) -> Region {
    var box = box
    for word in 0..<space.layout.starts[space.firstHash] { box[word] = region[word] }
    return box
  }

  private static func measure(_ effect: Explorer.Effect, dimensions: Int) -> Transition.Measure {
    let unit = UInt128(Bucketing.count)
    var scale: UInt128 = 1
    for _ in 1..<max(dimensions, 1) { scale *= unit }
    if dimensions == 0 { return .exact(Bucketing.count) }
    if effect.hashes.count <= 1 || effect.numerator == scale * unit { return .exact(Int(effect.numerator / scale)) }
    return .expected(Double(effect.numerator) / Double(scale))
  }

  // MARK: Asking the evaluator

  /// Re-runs a witness on both versions.
  private mutating func verify(_ transition: inout Transition, _ witness: Witness) {
    for side in 0...1 {
      let outcome = side == 0 ? transition.before : transition.after
      let evaluation = space.workspace.sides[side].snapshot.evaluate(
        comparison.key, in: witness.context, forcedBucket: witness.forcedBucket)
      guard evaluation.errorCode != .flagNotFound else {
        if outcome.decidedBy != nil { disagree(witness, side, outcome, evaluation) }
        continue
      }
      let isSame = evaluation.variant.map { ExactText($0) == ExactText(outcome.variant) } ?? false
      let isSamePlace = outcome.decidedBy == nil || outcome.decidedBy == evaluation.decidedBy
      if !isSame || !isSamePlace { disagree(witness, side, outcome, evaluation) }
      if side == 0 { transition.before.decidedBy = evaluation.decidedBy }
      if side == 1 { transition.after.decidedBy = evaluation.decidedBy }
    }
  }

  private mutating func disagree(
    _ witness: Witness, _ side: Int, _ outcome: Transition.Outcome, _ evaluation: Evaluation
  ) {
    let version = side == 0 ? "old" : "new"
    disagreements.append(
      "For \(witness.description) the analysis expects \(outcome.variant) by \(outcome.decidedBy?.name ?? "nothing") of the "
        + "\(version) version of \(comparison.key), and the evaluator gives \(evaluation.variant ?? "nothing") by "
        + "\(evaluation.decidedBy?.name ?? "nothing").")
  }

  // MARK: Words

  private mutating func words(_ line: Line) -> ContextRegion {
    switch line.description {
    case .decisions(let before, let after):
      return ContextRegion(tests: [GroupDescription.words(before: before, after: after)])
    case .region(let memberships, let box):
      let hashes = Set(line.count.effects.flatMap(\.hashes))
      return ContextRegion(tests: memberships.map(\.words) + words(box, hashes: hashes))
    }
  }

  private mutating func words(_ region: Region, hashes: Set<Int>) -> [String] {
    let hashed = Set(hashes.map { space.hashes[$0 - space.firstHash].key.by })
    var values: [String] = []
    var others: [String] = []
    for (index, axis) in space.attributes.enumerated() where !space.layout.isFull(index + 1, in: region) {
      let isHashed = hashed.contains(axis.attribute)
      let key = WordsKey(axis: index, cells: Array(region[space.layout.words(of: index + 1)]), isHashed: isHashed)
      let words: String?
      if let known = knownWords[key] {
        words = known
      } else {
        words = AxisWords.words(for: axis, cells: space.layout.cells(of: index + 1, in: region), isHashed: isHashed)
        knownWords[key] = .some(words)
      }
      guard let words else { continue }
      let isEquality = axis.tests.contains { if case .isIn = $0.kind { true } else { false } }
      if isEquality { values.append(words) } else { others.append(words) }
    }
    return values + others
  }

  // MARK: Results

  /// Hands over what was found.
  func finish(_ impact: inout FlagImpact) {
    impact.movements = periods.first?.movements ?? []
    var last = impact.movements
    for period in periods.dropFirst() {
      let isSlope = period.cells.contains { space.time.isSlope[$0] }
      let from = Timestamp(milliseconds: space.time.cells[period.cells.lowerBound].lowerBound)
      let upper = space.time.cells[period.cells.upperBound].upperBound
      let until = upper == Timestamp.range.upperBound ? nil : Timestamp(milliseconds: upper + 1)
      if Self.isSame(period.movements, last, butForNumbers: isSlope && impact.later.last?.isSampled == true) {
        if !impact.later.isEmpty { impact.later[impact.later.count - 1].until = until }
        continue
      }
      impact.later.append(
        LaterImpact(
          from: from, until: until, movements: period.movements, isSampled: isSlope && !period.movements.isEmpty))
      last = period.movements
    }
    impact.limitations = limitations
    impact.isComplete = limitations.isEmpty && !(periods.flatMap(\.movements).contains { $0.isPossibleOnly })
    impact.disagreements = disagreements
    impact.verdict = verdict
  }

  /// Whether two periods say the same, whatever contexts and moments stand for it.
  private static func isSame(_ left: [Movement], _ right: [Movement], butForNumbers: Bool) -> Bool {
    func plain(_ movements: [Movement]) -> Set<Movement> {
      Set(
        movements.map { movement in
          var movement = movement
          movement.transitions = movement.transitions.map { transition in
            var transition = transition
            transition.witness = nil
            transition.note = nil
            if butForNumbers { transition.measure = .exact(0) }
            return transition
          }
          return movement
        })
    }
    return plain(left) == plain(right)
  }

  private var verdict: Verdict {
    var found = Verdict.equivalent
    for movement in periods.flatMap(\.movements) where !movement.isPossibleOnly {
      for transition in movement.transitions {
        found = found.combined(
          with: comparison.direction(from: transition.before.variant, to: transition.after.variant))
      }
    }
    return found.combined(with: possible) == found ? found : .undecided
  }
}

extension Witness: CustomStringConvertible {
  /// `targetingKey user-1, country DE`, or `a context without attributes`.
  package var description: String {
    guard !attributes.isEmpty else { return "a context without attributes" }
    return attributes.map { "\($0.name) \($0.value.words)" }.joined(separator: ", ")
  }
}

extension Context.Value {
  /// The value as people would say it.
  package var words: String {
    switch self {
    case .string(let text): text.isEmpty ? "\"\"" : text
    case .integer(let integer): String(integer)
    case .number(let number): number.isFinite ? JSONValue.number(number).description : "\(number)"
    case .boolean(let boolean): boolean ? "true" : "false"
    case .list(let elements): JSONValue.array(elements.map(JSONValue.string)).description
    case .timestamp(let instant): instant.description
    }
  }
}
