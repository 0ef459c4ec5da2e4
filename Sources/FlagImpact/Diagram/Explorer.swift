/// Walks through the regions in which two diagrams differ.
///
/// A region is split by an atom of an attribute until the diagrams are equal there, or differ by hashes only; then the
/// buckets are counted.
final class Explorer {
  /// Contexts that all move the same way, but for their buckets.
  struct Leaf {
    /// The region; all buckets of all hashes.
    var region: Region
    /// How they move, by its number in ``counts``.
    var count: Int
  }

  /// How the contexts of a leaf move.
  struct Count {
    var effects: [Effect]
    /// How many hashes the effects' numerators are counted over.
    var dimensions: Int
  }

  /// A part of a leaf's contexts that goes from one terminal to another.
  struct Effect {
    var before: Int32
    var after: Int32
    /// Of 100,000 to the power of the count's dimensions.
    var numerator: UInt128
    /// The hashes that it depends on.
    var hashes: Set<Int>
    /// The boxes that it is made of, up to ``maximumBoxes`` and one more: their buckets count, not their attributes, which
    /// are one leaf's of those that move so.
    var boxes: [Region]

    static let maximumBoxes = 64
  }

  /// What the two versions decide in a region that was not looked into any more.
  struct Remainder {
    var before: Diagram.Node
    var after: Diagram.Node
  }

  private(set) var leaves: [Leaf] = []
  private(set) var counts: [Count] = []
  private(set) var remainders: [Remainder] = []

  private let space: Space
  private let limit: Int
  private var diagram: Diagram { space.diagram }
  /// Many leaves have the same decisions, which are counted once.
  private var countNumbers: [Pair: Int] = [:]
  /// Leaves of one region that differ in what decided only.
  private var labelled = 0
  private static let maximumLabelled = 64
  /// 100,000 to this power fits.
  private static let maximumDimensions = 7

  /// - Parameter limit: the steps of the diagram at which to stop.
  init(_ space: Space, limit: Int) {
    self.space = space
    self.limit = limit
  }

  /// Two versions' decisions: by what is given alone, and by what decided too.
  struct Pair: Hashable {
    var before: Diagram.Node
    var after: Diagram.Node
    var labelledBefore: Diagram.Node
    var labelledAfter: Diagram.Node
  }

  /// Explores a region, which so many splits have led to.
  func explore(_ region: Region, _ pair: Pair, depth: Int = 0) {
    guard diagram.steps < limit else {
      remainders.append(Remainder(before: pair.before, after: pair.after))
      return
    }
    diagram.begin()
    var pair = pair
    pair.before = diagram.simplify(pair.before, in: region)
    pair.after = diagram.simplify(pair.after, in: region)
    guard pair.before != pair.after else { return }
    if let atom = diagram.attributeAtom(pair.before, pair.after) {
      // Every few splits, so that little of these is left to be simplified for each leaf.
      if depth % 4 == 3 {
        pair.labelledBefore = diagram.simplify(pair.labelledBefore, in: region)
        pair.labelledAfter = diagram.simplify(pair.labelledAfter, in: region)
      }
      let (inside, outside) = diagram.split(region, by: atom)
      explore(inside, pair, depth: depth + 1)
      explore(outside, pair, depth: depth + 1)
    } else {
      labelled = 0
      exploreLabels(region, pair)
    }
  }

  /// Splits a region by what decides, while that takes few splits.
  private func exploreLabels(_ region: Region, _ pair: Pair) {
    diagram.begin()
    var pair = pair
    pair.labelledBefore = diagram.simplify(pair.labelledBefore, in: region)
    pair.labelledAfter = diagram.simplify(pair.labelledAfter, in: region)
    if let atom = diagram.attributeAtom(pair.labelledBefore, pair.labelledAfter) {
      labelled += 1
      guard labelled <= Self.maximumLabelled, diagram.steps < limit else {
        pair.labelledBefore = pair.before
        pair.labelledAfter = pair.after
        count(region, pair)
        return
      }
      let (inside, outside) = diagram.split(region, by: atom)
      exploreLabels(inside, pair)
      exploreLabels(outside, pair)
    } else {
      count(region, pair)
    }
  }

  // MARK: Buckets

  private func count(_ region: Region, _ pair: Pair) {
    guard let number = countNumbers[pair] ?? countAnew(region, pair) else { return }
    // Two nodes that differ may differ in no bucket: their tests of a hash exclude each other.
    if !counts[number].effects.isEmpty { leaves.append(Leaf(region: region, count: number)) }
  }

  /// - Returns: the number of the count; nil when there are too many hashes.
  private func countAnew(_ region: Region, _ pair: Pair) -> Int? {
    var axes: Set<Int> = []
    for node in [pair.before, pair.after, pair.labelledBefore, pair.labelledAfter] {
      axes.formUnion(diagram.hashes(of: node))
    }
    guard axes.count <= Self.maximumDimensions else {
      remainders.append(Remainder(before: pair.before, after: pair.after))
      return nil
    }
    let finished = remainders.count
    var result = Count(effects: [], dimensions: axes.count)
    count(region, pair, axes.sorted(), &result)
    counts.append(result)
    // What the budget cut short is not known of other leaves.
    if remainders.count == finished { countNumbers[pair] = counts.count - 1 }
    return counts.count - 1
  }

  private func count(_ region: Region, _ pair: Pair, _ axes: [Int], _ result: inout Count) {
    diagram.begin()
    let pair = Pair(
      before: diagram.simplify(pair.before, in: region), after: diagram.simplify(pair.after, in: region),
      labelledBefore: diagram.simplify(pair.labelledBefore, in: region),
      labelledAfter: diagram.simplify(pair.labelledAfter, in: region))
    guard pair.before != pair.after else { return }
    guard diagram.steps < limit else {
      remainders.append(Remainder(before: pair.before, after: pair.after))
      return
    }
    let nodes = [pair.before, pair.after, pair.labelledBefore, pair.labelledAfter]
    if let atom = nodes.lazy.compactMap(diagram.firstAtom).first {
      let (inside, outside) = diagram.split(region, by: atom)
      count(inside, pair, axes, &result)
      count(outside, pair, axes, &result)
    } else if let before = diagram.terminalNumber(pair.labelledBefore),
      let after = diagram.terminalNumber(pair.labelledAfter)
    {
      add(region, before, after, axes, &result)
    }
  }

  private func add(_ region: Region, _ before: Int32, _ after: Int32, _ axes: [Int], _ result: inout Count) {
    var numerator: UInt128 = 1
    var hashes: Set<Int> = []
    for axis in axes {
      numerator *= UInt128(space.weight(ofHash: axis, in: region))
      if !space.layout.isFull(axis, in: region) { hashes.insert(axis) }
    }
    if let index = result.effects.firstIndex(where: { $0.before == before && $0.after == after }) {
      result.effects[index].numerator += numerator
      result.effects[index].hashes.formUnion(hashes)
      if result.effects[index].boxes.count <= Effect.maximumBoxes { result.effects[index].boxes.append(region) }
    } else {
      result.effects.append(
        Effect(before: before, after: after, numerator: numerator, hashes: hashes, boxes: [region]))
    }
  }
}

extension Diagram {
  /// The hashes that a node asks, as axes.
  func hashes(of node: Node) -> Set<Int> {
    Set(atoms(of: node).map { atoms[$0].axis }.filter { $0 >= firstHash })
  }
}

extension Space {
  /// How many buckets of a hash are in a region.
  func weight(ofHash axis: Int, in region: Region) -> Int {
    let cells = hashes[axis - firstHash].cells
    return layout.cells(of: axis, in: region).reduce(0) { $0 + cells[$1].count }
  }
}
