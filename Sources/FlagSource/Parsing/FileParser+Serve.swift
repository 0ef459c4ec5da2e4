internal import Ensign
internal import YAML

extension FileParser {
  /// What a context gets: a variant's name, or one of the hashed forms.
  mutating func serve(
    _ node: Document.Node, orElse wanted: @autoclosure () -> Wanted
  ) -> Located<EnvironmentConfig.Serve>? {
    guard node.kind == .mapping else {
      return name(node, orElse: wanted()).map { Located(.variant($0.value), at: $0.range) }
    }
    guard let fields = fields(node, ServeKey.self, orElse: wanted()) else { return nil }
    guard let form = serveForm(fields) else { return nil }
    if form != .ramp { reportRampKeys(fields) }
    let hashing = hashing(by: fields.value(ServeKey.by), seed: fields.value(ServeKey.seed))
    guard let value = fields.value(form) else { return nil }
    let serve: EnvironmentConfig.Serve? =
      switch form {
      case .split: split(value).map { .split($0, hashing) }
      case .ranges: ranges(value).map { .ranges($0, hashing) }
      default: ramp(value, fields).map { .ramp($0, hashing) }
      }
    return serve.map { Located($0, at: node.range) }
  }

  /// The one form that is written; reported when there are none or several.
  private mutating func serveForm(_ fields: Fields) -> ServeKey? {
    let forms = [ServeKey.split, .ranges, .ramp].compactMap { form in fields.entry(form).map { (form, $0.key) } }
      .sorted { $0.1.range.start < $1.1.range.start }
    guard let first = forms.first else {
      // A mistyped form has its finding already.
      if fields.node.entries.allSatisfy({ $0.key.withUTF8 { ServeKey.table.position(of: $0) != nil } }) {
        report(.noServeForm(at: placeOfHead(fields.node)))
      }
      return nil
    }
    guard forms.count > 1 else { return first.0 }
    for (form, key) in forms.dropFirst() {
      report(.twoServeForms(form.rawValue, first: first.0.rawValue, firstPlace: place(first.1), at: place(key)))
    }
    return nil
  }

  private mutating func reportRampKeys(_ fields: Fields) {
    for key in [ServeKey.from, .steps, .shape] {
      guard let entry = fields.entry(key) else { continue }
      report(
        .misplacedKey(key.rawValue, "there is no `ramp`", help: "remove it, or write a `ramp`", at: place(entry.key)))
    }
  }

  private mutating func split(_ node: Document.Node) -> [EnvironmentConfig.Weight]? {
    guard isFilledMapping(node, orElse: Wanted(ServeKey.split)) else { return nil }
    var weights: [EnvironmentConfig.Weight] = []
    for (key, value) in node.entries {
      let variant = name(key, orElse: Wanted("a split's variant", "a variant's name", example: "on"))
      let percentage = percentage(
        value, orElse: Wanted("the weight of \(key.text.quoted)", "a percentage", example: "25"))
      if let variant, let percentage {
        weights.append(EnvironmentConfig.Weight(variant: variant, percentage: percentage))
      }
    }
    guard weights.count == node.count else { return nil }
    let sum = weights.reduce(0) { $0 + $1.percentage.value.buckets }
    guard sum == 100_000 else {
      report(.incompleteSplit(sum: sum, at: placeOfHead(node)))
      return nil
    }
    return weights
  }

  /// Whether a node is a mapping with at least one entry; reported when it is not.
  mutating func isFilledMapping(_ node: Document.Node, orElse wanted: @autoclosure () -> Wanted) -> Bool {
    guard isMapping(node, orElse: wanted()) else { return false }
    guard node.count == 0 else { return true }
    report(.wrongType(wanted(), found: node, at: place(node)))
    return false
  }
}

// MARK: - Ranges

extension FileParser {
  private mutating func ranges(_ node: Document.Node) -> [EnvironmentConfig.Allocation]? {
    guard isFilledMapping(node, orElse: Wanted(ServeKey.ranges)) else { return nil }
    var allocations: [EnvironmentConfig.Allocation] = []
    var isWhole = true
    for (key, value) in node.entries {
      let variant = name(key, orElse: Wanted("the variant of a range", "a variant's name", example: "on"))
      var wanted: Wanted { Wanted("the list for \(key.text.quoted)", "a list of intervals", example: "[[0, 25]]") }
      guard isList(value, orElse: wanted) else {
        isWhole = false
        continue
      }
      var intervals: [EnvironmentConfig.Interval] = []
      for element in value.elements {
        if let interval = interval(element) { intervals.append(interval) }
      }
      guard let variant, intervals.count == value.count else {
        isWhole = false
        continue
      }
      allocations.append(EnvironmentConfig.Allocation(variant: variant, intervals: intervals))
    }
    return isWhole && coverOnce(allocations, at: placeOfHead(node)) ? allocations : nil
  }

  private mutating func interval(_ node: Document.Node) -> EnvironmentConfig.Interval? {
    let wanted = Wanted("an interval", "a list of two percentages", example: "[0, 25]")
    guard isList(node, orElse: wanted) else { return nil }
    let bounds = Array(node.elements)
    guard bounds.count == 2 else {
      report(.wrongType(wanted, found: node, at: place(node)))
      return nil
    }
    let from = percentage(bounds[0], orElse: Wanted("an interval's beginning", "a percentage", example: "0"))
    let to = percentage(bounds[1], orElse: Wanted("an interval's end", "a percentage", example: "25"))
    guard let from, let to else { return nil }
    guard from.value < to.value else {
      report(.backwardInterval(at: place(node)))
      return nil
    }
    return EnvironmentConfig.Interval(from: from.value, to: to.value, range: node.range)
  }

  /// Whether the intervals cover 0 to 100 once; the first place where they do not is reported.
  private mutating func coverOnce(_ allocations: [EnvironmentConfig.Allocation], at head: Place) -> Bool {
    let intervals = allocations.flatMap(\.intervals).sorted {
      ($0.from.buckets, $0.to.buckets, $0.range.start) < ($1.from.buckets, $1.to.buckets, $1.range.start)
    }
    var end = 0
    var previous: EnvironmentConfig.Interval?
    for interval in intervals {
      if interval.from.buckets > end {
        report(.rangesGap(from: end, to: interval.from.buckets, at: place(interval.range)))
        return false
      }
      if interval.from.buckets < end, let previous {
        let overlapEnd = min(end, interval.to.buckets)
        report(
          .rangesOverlap(
            from: interval.from.buckets, to: overlapEnd, first: place(previous.range), at: place(interval.range)))
        return false
      }
      end = interval.to.buckets
      previous = interval
    }
    guard end == 100_000 else {
      report(.rangesGap(from: end, to: 100_000, at: previous.map { place($0.range) } ?? head))
      return false
    }
    return true
  }
}

// MARK: - Ramps

extension FileParser {
  private mutating func ramp(_ node: Document.Node, _ fields: Fields) -> EnvironmentConfig.Ramp? {
    let variant = name(node, orElse: Wanted(ServeKey.ramp))
    for key in [ServeKey.from, .steps] where fields.value(key) == nil {
      report(.missingKey(key.rawValue, key.keyShape, in: "a ramp", at: placeOfHead(fields.node)))
    }
    let from = fields.value(ServeKey.from).flatMap { name($0, orElse: Wanted(ServeKey.from)) }
    let steps = fields.value(ServeKey.steps).flatMap { self.steps($0) }
    let shape = fields.value(ServeKey.shape).map {
      word($0, EnvironmentConfig.Ramp.Shape.self, orElse: Wanted(ServeKey.shape))
    }
    if let variant, let from, variant.value == from.value {
      report(.rampToItself(variant.value, at: place(from.range)))
    }
    guard let variant, let from, let steps else { return nil }
    if let shape, shape == nil { return nil }
    return EnvironmentConfig.Ramp(variant: variant, from: from, steps: steps, shape: (shape ?? nil)?.value ?? .step)
  }

  private mutating func steps(_ node: Document.Node) -> [EnvironmentConfig.Ramp.Step]? {
    guard isFilledList(node, orElse: Wanted(ServeKey.steps)) else { return nil }
    var steps: [EnvironmentConfig.Ramp.Step] = []
    for element in node.elements {
      let wanted = Wanted(
        "a step", "a mapping of `at` and `percent`", example: "{at: 2026-12-01T09:00:00Z, percent: 5}")
      guard let fields = fields(element, StepKey.self, orElse: wanted) else { continue }
      let at = fields.value(StepKey.at).flatMap { timestamp($0, orElse: Wanted(StepKey.at)) }
      let percent = fields.value(StepKey.percent).flatMap { percentage($0, orElse: Wanted(StepKey.percent)) }
      guard let at, let percent else { continue }
      if let previous = steps.last { check(at, percent, after: previous) }
      steps.append(EnvironmentConfig.Ramp.Step(at: at, percentage: percent))
    }
    return steps.count == node.count ? steps : nil
  }

  private mutating func check(
    _ at: Located<Timestamp>, _ percentage: Located<Percentage>, after previous: EnvironmentConfig.Ramp.Step
  ) {
    if at.value <= previous.at.value {
      report(.stepBackInTime(at.value.description, previous: place(previous.at.range), at: place(at.range)))
    }
    if percentage.value < previous.percentage.value {
      report(
        .fallingPercentage(
          percentage.value.description, previous: place(previous.percentage.range), at: place(percentage.range)))
    }
  }
}
