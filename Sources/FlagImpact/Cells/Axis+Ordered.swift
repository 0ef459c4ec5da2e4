internal import Ensign

// Ordered types: the constants of the tests cut them into points and the intervals between.

extension Axis {
  mutating func insertIntegers() {
    var constants: Set<Int64> = []
    for test in tests where test.type == .integer { constants.formUnion(test.integers) }
    let cuts = constants.sorted()
    self.cuts = cuts.map(String.init)
    let isHashed = tests.contains(where: \.isHashable)
    for position in 0...2 * cuts.count {
      let samples: [Samples]
      if position % 2 == 1 {
        samples = [.integers(cuts[position / 2]...cuts[position / 2])]
      } else {
        samples = Self.integers(
          above: position == 0 ? nil : cuts[position / 2 - 1],
          below: position == 2 * cuts.count ? nil : cuts[position / 2])
      }
      guard case .integer(let example) = samples.first?.value(0) else { continue }
      insert(.integer(example), content: .positions([position]), samples)
      // A double is of the type when it is whole, and is never hashed.
      if isHashed {
        let double = Context.Value.number(Double(example))
        insert(double, content: .positions([position]), [.values([double])])
      }
    }
  }

  /// The integers between two bounds, those first that people would name.
  private static func integers(above lower: Int64?, below upper: Int64?) -> [Samples] {
    switch (lower, upper) {
    case (nil, nil): return [.integers(1...Int64.max), .integers(Int64.min...0)]
    case (let lower?, nil): return [.integers(lower + 1...Int64.max)]
    case (nil, let upper?):
      let first = upper > 0 ? 0 : upper - 1
      return [.integers(first...upper - 1), .integers(Int64.min...first - 1)]
    case (let lower?, let upper?): return lower + 1 < upper ? [.integers(lower + 1...upper - 1)] : []
    }
  }

  mutating func insertNumbers() {
    var constants: Set<Double> = []
    for test in tests where test.type == .number {
      switch test.kind {
      // Zero has two signs, and tests know one zero.
      case .isIn(.numbers(let numbers)): constants.formUnion(numbers.map { $0 == 0 ? 0 : $0 })
      case .ordered(_, .number(let number)): constants.insert(number == 0 ? 0 : number)
      default: break
      }
    }
    let cuts = constants.sorted()
    self.cuts = cuts.map { JSONValue.number($0).description }
    for position in 0...2 * cuts.count {
      if position % 2 == 1 {
        let cut = cuts[position / 2]
        insert(.number(cut), content: .positions([position]), [.values([.number(cut)])])
        if let integer = Int64(exactly: cut) {
          insert(.integer(integer), content: .positions([position]), [.integers(integer...integer)])
        }
      } else {
        insertNumbers(
          position, above: position == 0 ? nil : cuts[position / 2 - 1],
          below: position == 2 * cuts.count ? nil : cuts[position / 2])
      }
    }
  }

  private mutating func insertNumbers(_ position: Int, above lower: Double?, below upper: Double?) {
    let bound = Double(JSONValue.integers.upperBound)
    let first = (max(lower ?? -bound, -bound)).rounded(.down) + (lower == nil ? 0 : 1)
    let last = (min(upper ?? bound, bound)).rounded(.up) - (upper == nil ? 0 : 1)
    if first <= last, let from = Int64(exactly: first), let to = Int64(exactly: last) {
      let nearZero = from <= 0 && to >= 0 ? [Samples.integers(0...to)] : []
      let samples =
        nearZero + (nearZero.isEmpty || from < 0 ? [.integers(from...min(to, nearZero.isEmpty ? to : -1))] : [])
      if let example = samples[0].value(0) { insert(example, content: .positions([position]), samples) }
    }
    let middle: Double
    switch (lower, upper) {
    case (nil, nil): middle = 0.5
    case (let lower?, nil): middle = max(lower.nextUp, (lower + 0.5).isFinite ? lower + 0.5 : lower.nextUp)
    case (nil, let upper?): middle = min(upper.nextDown, upper - 0.5)
    case (let lower?, let upper?):
      let half = lower / 2 + upper / 2
      middle = lower < half && half < upper ? half : lower.nextUp
    }
    guard middle.isFinite, lower.map({ $0 < middle }) ?? true, upper.map({ middle < $0 }) ?? true else { return }
    insert(.number(middle), content: .positions([position]), [.values([.number(middle)])])
  }

  mutating func insertInstants() {
    var constants: Set<Int64> = []
    for test in tests where test.type == .timestamp { constants.formUnion(test.integers) }
    let cuts = constants.sorted()
    self.cuts = cuts.map { Timestamp(milliseconds: $0).description }
    let isHashed = tests.contains(where: \.isHashable)
    let day: Int64 = 86_400_000
    for position in 0...2 * cuts.count {
      var range: ClosedRange<Int64>
      if position % 2 == 1 {
        range = cuts[position / 2]...cuts[position / 2]
      } else {
        let lower = position == 0 ? Timestamp.range.lowerBound : cuts[position / 2 - 1] + 1
        let upper = position == 2 * cuts.count ? Timestamp.range.upperBound : cuts[position / 2] - 1
        guard lower <= upper else { continue }
        range = lower...upper
        // A day behind the last constant, or the day before the first one, looks better than a millisecond.
        if position == 0, upper - day > lower { range = (cuts.isEmpty ? 0 : upper + 1 - day)...upper }
        if position > 0, lower - 1 + day <= upper { range = lower - 1 + day...upper }
      }
      let samples = Samples.instants(range)
      if let example = samples.value(0) { insert(example, content: .positions([position]), [samples]) }
      if isHashed {
        let instant = Context.Value.timestamp(Timestamp(milliseconds: range.lowerBound))
        insert(instant, content: .positions([position]), [.values([instant])])
      }
    }
  }

  mutating func insertVersions() {
    var constants: Set<SemanticVersion> = []
    for test in tests where test.type == .version {
      switch test.kind {
      case .isIn(.texts(let texts, _)): constants.formUnion(texts.compactMap { try? SemanticVersion($0.string) })
      case .ordered(_, .version(let version)): constants.insert(version)
      default: break
      }
    }
    let cuts = constants.sorted()
    self.cuts = cuts.map(\.description)
    for position in 0...2 * cuts.count {
      let example: String?
      if position % 2 == 1 {
        example = cuts[position / 2].description
      } else {
        example = Self.version(
          above: position == 0 ? nil : cuts[position / 2 - 1],
          below: position == 2 * cuts.count ? nil : cuts[position / 2])
      }
      guard let example else { continue }
      insert(.string(example), content: .positions([position]), [.version(example)])
    }
  }

  /// A version between two others, or nil when there is none: `1.2.3` is followed by `1.2.4-0`, that by `1.2.4-0.0`.
  private static func version(above lower: SemanticVersion?, below upper: SemanticVersion?) -> String? {
    var candidates: [String]
    if let lower {
      let text = lower.description
      let core = String(text.split(separator: "-", maxSplits: 1)[0])
      let isRelease = core.utf8.count == text.utf8.count
      var numbers = core.split(separator: ".").map(String.init)
      numbers[2] = incremented(numbers[2])
      let next = numbers.joined(separator: ".")
      candidates = isRelease ? [next, next + "-0"] : [core, text + ".0"]
    } else {
      candidates = ["1.0.0", "0.0.0", "0.0.0-0"]
    }
    return candidates.first { candidate in
      guard let version = try? SemanticVersion(candidate) else { return false }
      return (lower.map { $0 < version } ?? true) && (upper.map { version < $0 } ?? true)
    }
  }

  /// The next whole number of any length.
  private static func incremented(_ digits: String) -> String {
    var bytes = Array(digits.utf8)
    var index = bytes.count - 1
    while index >= 0 {
      guard bytes[index] == UInt8(ascii: "9") else {
        bytes[index] += 1
        return String(decoding: bytes, as: UTF8.self)
      }
      bytes[index] = UInt8(ascii: "0")
      index -= 1
    }
    return "1" + String(decoding: bytes, as: UTF8.self)
  }

  mutating func insertAddresses() {
    var starts: [Set<UInt128>] = [[0], [0]]
    let last: [UInt128] = [UInt128(UInt32.max), .max]
    for test in tests where test.type == .ip {
      guard case .within(let networks) = test.kind else { continue }
      for network in networks {
        let family = network.address.isVersion6 ? 1 : 0
        let first = family == 1 ? network.address.bits : network.address.bits >> 96
        let size = UInt128(network.address.width - network.prefixLength)
        let end = first | (size == 128 ? .max : (UInt128(1) << size) - 1)
        starts[family].insert(first)
        if end < last[family] { starts[family].insert(end + 1) }
      }
    }
    for family in 0...1 {
      let sorted = starts[family].sorted()
      for (index, first) in sorted.enumerated() {
        let end = index + 1 < sorted.count ? sorted[index + 1] - 1 : last[family]
        let samples = Samples.addresses(first...end, isVersion6: family == 1)
        if let example = samples.value(0) { insert(example, content: .addresses, [samples]) }
      }
    }
  }
}

extension AttributeTest {
  /// The constants of a test of integers or instants.
  var integers: Set<Int64> {
    switch kind {
    case .isIn(.integers(let integers)): integers
    case .ordered(_, .integer(let integer)): [integer]
    default: []
    }
  }
}
