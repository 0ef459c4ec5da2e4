/// Walks through the regions in which two diagrams differ.
///
/// A region is split by an atom of an attribute until the diagrams are equal there, or differ by hashes only; then the
/// buckets are counted.
final class Explorer {
  /// Contexts that all move the same way, but for their buckets.
  struct Leaf {
    /// The region; all buckets of all hashes.
    var region: Region
    var effects: [Effect]
    /// How many hashes the effects' numerators are counted over.
    var dimensions: Int
  }

  /// A part of a leaf's contexts that goes from one terminal to another.
  struct Effect {
    var before: Int32
    var after: Int32
    /// Of 100,000 to the power of the leaf's dimensions.
    var numerator: UInt128
    /// The hashes that it depends on.
    var hashes: Set<Int>
    /// The boxes that it is made of, buckets included, up to ``maximumBoxes``.
    var boxes: [Region]

    static let maximumBoxes = 64
  }

  /// A region that was not looked into any more.
  struct Remainder {
    var region: Region
    var before: Diagram.Node
    var after: Diagram.Node
  }

  private(set) var leaves: [Leaf] = []
  private(set) var remainders: [Remainder] = []

  private let space: Space
  private let limit: Int
  private var diagram: Diagram { space.diagram }
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
  struct Pair {
    var before: Diagram.Node
    var after: Diagram.Node
    var labelledBefore: Diagram.Node
    var labelledAfter: Diagram.Node
  }

  /// Explores a region.
  func explore(_ region: Region, _ pair: Pair) {
    guard diagram.steps < limit else {
      remainders.append(Remainder(region: region, before: pair.before, after: pair.after))
      return
    }
    diagram.begin()
    var pair = pair
    pair.before = diagram.simplify(pair.before, in: region)
    pair.after = diagram.simplify(pair.after, in: region)
    guard pair.before != pair.after else { return }
    if let atom = diagram.attributeAtom(pair.before, pair.after) {
      let (inside, outside) = diagram.split(region, by: atom)
      explore(inside, pair)
      explore(outside, pair)
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
    var axes: Set<Int> = []
    for node in [pair.before, pair.after, pair.labelledBefore, pair.labelledAfter] {
      axes.formUnion(diagram.hashes(of: node))
    }
    guard axes.count <= Self.maximumDimensions else {
      remainders.append(Remainder(region: region, before: pair.before, after: pair.after))
      return
    }
    var leaf = Leaf(region: region, effects: [], dimensions: axes.count)
    count(region, pair, axes.sorted(), &leaf)
    // A pair of nodes that differ has a bucket in which they differ, unless the budget ended before it was found.
    if !leaf.effects.isEmpty { leaves.append(leaf) }
  }

  private func count(_ region: Region, _ pair: Pair, _ axes: [Int], _ leaf: inout Leaf) {
    diagram.begin()
    let pair = Pair(
      before: diagram.simplify(pair.before, in: region), after: diagram.simplify(pair.after, in: region),
      labelledBefore: diagram.simplify(pair.labelledBefore, in: region),
      labelledAfter: diagram.simplify(pair.labelledAfter, in: region))
    guard pair.before != pair.after else { return }
    guard diagram.steps < limit else {
      remainders.append(Remainder(region: region, before: pair.before, after: pair.after))
      return
    }
    let nodes = [pair.before, pair.after, pair.labelledBefore, pair.labelledAfter]
    if let atom = nodes.lazy.compactMap(diagram.firstAtom).first {
      let (inside, outside) = diagram.split(region, by: atom)
      count(inside, pair, axes, &leaf)
      count(outside, pair, axes, &leaf)
    } else if let before = diagram.terminalNumber(pair.labelledBefore),
      let after = diagram.terminalNumber(pair.labelledAfter)
    {
      add(region, before, after, axes, &leaf)
    }
  }

  private func add(_ region: Region, _ before: Int32, _ after: Int32, _ axes: [Int], _ leaf: inout Leaf) {
    var numerator: UInt128 = 1
    var hashes: Set<Int> = []
    for axis in axes {
      numerator *= UInt128(space.weight(ofHash: axis, in: region))
      if !space.layout.isFull(axis, in: region) { hashes.insert(axis) }
    }
    if let index = leaf.effects.firstIndex(where: { $0.before == before && $0.after == after }) {
      leaf.effects[index].numerator += numerator
      leaf.effects[index].hashes.formUnion(hashes)
      if leaf.effects[index].boxes.count <= Effect.maximumBoxes { leaf.effects[index].boxes.append(region) }
    } else {
      leaf.effects.append(
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
