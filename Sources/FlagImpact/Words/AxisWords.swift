internal import Ensign

/// Cells of an attribute in words: as a range, a list of values, or the fewest tests that tell them from the others.
struct AxisWords {
  private let axis: Axis
  private let selected: Set<Int>
  /// The cells with a value of the attribute's type.
  private let present: [Int]

  /// What is to be said of an attribute; nil when it is nothing.
  ///
  /// - Parameter isHashed: whether the flag hashes the attribute here, so that it goes without saying that it is there.
  static func words(for axis: Axis, cells: [Int], isHashed: Bool) -> String? {
    let words = AxisWords(axis, Set(cells))
    return words.phrase(isHashed: isHashed)
  }

  private init(_ axis: Axis, _ selected: Set<Int>) {
    self.axis = axis
    self.selected = selected
    present = axis.cells.indices.filter { index in
      switch axis.cells[index].content {
      case .missing, .untyped: false
      default: true
      }
    }
  }

  private var name: String { axis.attribute }

  private func phrase(isHashed: Bool) -> String? {
    let inside = present.filter(selected.contains)
    let outside = present.filter { !selected.contains($0) }
    let hasMissing = selected.contains { axis.cells[$0].admitsMissing }
    if outside.isEmpty, !present.isEmpty {
      if hasMissing || isHashed { return nil }
      return "\(name) present"
    }
    if inside.isEmpty { return hasMissing ? "no \(name)" : "\(name) of another type" }
    let words = typed(inside, outside)
    return hasMissing ? "\(words) (or no \(name))" : words
  }

  private func typed(_ inside: [Int], _ outside: [Int]) -> String {
    let contents = inside.map { axis.cells[$0].content }
    if let values = texts(inside) { return equality(values, "=", "is") }
    if let values = texts(outside) { return equality(values, "≠", "is not") }
    if case .boolean(let value) = contents[0] { return "\(name) = \(value)" }
    if case .positions = contents[0] { return ranges(inside, outside) }
    return cubes(inside)
  }

  // MARK: Values

  /// The first of some values, and how many there are: lists of targeting keys can be long.
  private struct Values {
    var first: [String]
    var count: Int

    static let most = 6

    init(_ sorted: [String]) {
      first = Array(sorted.prefix(Self.most))
      count = sorted.count
    }

    mutating func merge(_ other: Values) {
      count += other.count
      first = Array((first + other.first).sorted(by: ExactText.precedes).prefix(Self.most))
    }
  }

  /// The texts of cells that are all made of such.
  private func texts(_ cells: [Int]) -> Values? {
    var all = Values([])
    for cell in cells {
      guard case .texts(let texts) = axis.cells[cell].content else { return nil }
      all.merge(Values(texts))
    }
    return all.count == 0 ? nil : all
  }

  private func equality(_ values: Values, _ sign: String, _ verb: String) -> String {
    values.count == 1
      ? "\(name) \(sign) \(Self.shown(values.first[0]))" : "\(name) \(verb) \(Self.list(values))"
  }

  /// `a`, `a or b`, `a, b, c or 12 more`.
  private static func list(_ values: Values) -> String {
    let words = values.first.prefix(values.count > Values.most ? Values.most - 2 : Values.most).map(shown)
    let rest = values.count - words.count
    let all = rest > 0 ? words + ["\(rest) more"] : words
    return all.count == 1 ? all[0] : all.dropLast().joined(separator: ", ") + " or " + all[all.count - 1]
  }

  /// A text as it is, or as JSON when it could be misread.
  private static func shown(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x2C && $0 != 0x7F }
    return isPlain ? text : JSONValue.string(text).description
  }

  // MARK: Ranges

  private func ranges(_ inside: [Int], _ outside: [Int]) -> String {
    let mine = positions(inside)
    let others = positions(outside)
    // Positions that no value has belong to whatever stands beside them.
    if let points = points(mine) { return equality(Values(points), "=", "is") }
    if let points = points(others) { return equality(Values(points), "≠", "is not") }
    var runs: [ClosedRange<Int>] = []
    for position in mine.sorted() {
      if let last = runs.last, (last.upperBound + 1..<position).allSatisfy({ !others.contains($0) }) {
        runs[runs.count - 1] = last.lowerBound...position
      } else {
        runs.append(position...position)
      }
    }
    return runs.map { run($0, others) }.joined(separator: " or ")
  }

  private func positions(_ cells: [Int]) -> Set<Int> {
    var positions: Set<Int> = []
    for cell in cells { if case .positions(let more) = axis.cells[cell].content { positions.formUnion(more) } }
    return positions
  }

  /// The constants at positions that are all points.
  private func points(_ positions: Set<Int>) -> [String]? {
    guard !positions.isEmpty, positions.allSatisfy({ $0 % 2 == 1 }) else { return nil }
    return positions.sorted().map { axis.cuts[$0 / 2] }
  }

  private func run(_ run: ClosedRange<Int>, _ others: Set<Int>) -> String {
    let (first, last) = (run.lowerBound, run.upperBound)
    if first == last, first % 2 == 1 { return "\(name) = \(axis.cuts[first / 2])" }
    let hasLower = others.contains { $0 < first }
    let hasUpper = others.contains { $0 > last }
    let lower = first % 2 == 1 ? "≥ \(axis.cuts[first / 2])" : first == 0 ? "" : "> \(axis.cuts[first / 2 - 1])"
    let upper =
      last % 2 == 1 ? "≤ \(axis.cuts[last / 2])" : last / 2 == axis.cuts.count ? "" : "< \(axis.cuts[last / 2])"
    switch (hasLower && !lower.isEmpty, hasUpper && !upper.isEmpty) {
    case (true, true): return "\(name) \(lower) and \(upper)"
    case (true, false): return "\(name) \(lower)"
    case (false, true): return "\(name) \(upper)"
    case (false, false): return "\(name) present"
    }
  }

  // MARK: Tests

  /// A test, or its opposite.
  private struct Literal {
    let test: Int
    let isPositive: Bool
  }

  /// Tests joined by “and”, and such groups by “or”, that hold for just these cells among those with a value.
  private func cubes(_ inside: [Int]) -> String {
    let members = Set(inside)
    var left = members
    var phrases: [String] = []
    while let cell = left.min() {
      var literals = axis.tests.indices.filter { isTold($0) }.map { test in
        Literal(test: test, isPositive: axis.cells[cell].signature[test])
      }
      // What a text is not is said only where needed, so that goes first.
      for literal in literals.sorted(by: { !$0.isPositive && $1.isPositive }) {
        let fewer = literals.filter { $0.test != literal.test }
        if covered(by: fewer).isSubset(of: members) { literals = fewer }
      }
      left.subtract(covered(by: literals))
      left.remove(cell)
      phrases.append(literals.isEmpty ? "\(name) present" : literals.map(words).joined(separator: " and "))
    }
    return phrases.joined(separator: " or ")
  }

  private func isTold(_ test: Int) -> Bool {
    switch axis.tests[test].kind {
    case .exists, .hashable: false
    default: true
    }
  }

  private func covered(by literals: [Literal]) -> Set<Int> {
    Set(
      present.filter { cell in
        literals.allSatisfy { axis.cells[cell].signature[$0.test] == $0.isPositive }
      })
  }

  private func words(_ literal: Literal) -> String {
    let isPositive = literal.isPositive
    func text(_ verb: String, _ negative: String, _ pattern: AttributeTest.Pattern) -> String {
      "\(name) \(isPositive ? verb : negative) \(Self.shown(pattern.text))"
        + (pattern.ignoresCase ? " (ignoring case)" : "")
    }
    switch axis.tests[literal.test].kind {
    case .exists: return isPositive ? "\(name) present" : "no \(name)"
    case .hashable: return "\(name) \(isPositive ? "can" : "cannot") be hashed"
    case .startsWith(let pattern): return text("starts with", "does not start with", pattern)
    case .endsWith(let pattern): return text("ends with", "does not end with", pattern)
    case .contains(let pattern): return text("contains", "does not contain", pattern)
    case .matches(_, let pattern, let ignoresCase):
      return "\(name) \(isPositive ? "matches" : "does not match") \(pattern)" + (ignoresCase ? " (ignoring case)" : "")
    case .within(let networks):
      return "\(name) \(isPositive ? "in" : "not in") \(Self.list(Values(networks.map(Self.network))))"
    case .includes(let elements):
      return "\(name) \(isPositive ? "includes" : "does not include") \(Self.list(Values(Self.sorted(elements))))"
    case .includesAll(let elements):
      let list = Self.sorted(elements)
      let all = list.count == 1 ? Self.shown(list[0]) : "all of " + list.map(Self.shown).joined(separator: ", ")
      return "\(name) \(isPositive ? "includes" : "does not include") \(all)"
    case .isIn(.texts(let texts, let ignoresCase)):
      return equality(Values(Self.sorted(texts)), isPositive ? "=" : "≠", isPositive ? "is" : "is not")
        + (ignoresCase ? " (ignoring case)" : "")
    case .isIn, .ordered: return name
    }
  }

  private static func network(_ network: IPNetwork) -> String {
    network.prefixLength == network.address.width ? network.address.description : network.description
  }

  private static func sorted(_ texts: Set<ExactText>) -> [String] {
    texts.map(\.string).sorted(by: ExactText.precedes)
  }
}
