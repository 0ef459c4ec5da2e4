internal import Ensign

/// Everything that the flags of one analysis depend on, cut into cells: the moment, attributes, hashes.
final class Space {
  let workspace: Workspace
  let time: TimeAxis
  /// The attributes, sorted by name; the first axis is the time, so that these begin with axis 1.
  let attributes: [Axis]
  /// The hashes, behind the attributes.
  let hashes: [HashAxis]
  let layout: RegionLayout
  let diagram: Diagram
  /// What every region begins with.
  let everything: Region
  /// The ramps of the flags, with the sides that use them.
  let needs: Needs

  private var attributeAxes: [String: Int] = [:]
  private var hashAxes: [HashKey: Int] = [:]
  private var conditions: [Int: Diagram.Condition] = [:]
  private var masks: [MaskKey: Diagram.Condition] = [:]

  private struct MaskKey: Hashable {
    let axis: Int
    let mask: [UInt64]
  }

  /// The buckets of a hash, cut where something else may be served.
  struct HashAxis {
    let key: HashKey
    /// The cells' buckets, in order; together all 100,000.
    let cells: [Range<Int>]
  }

  /// - Parameters:
  ///   - needs: what the flags look at.
  ///   - moment: a moment that gets a cell of its own.
  init(_ needs: Needs, moment: Int64?, _ workspace: Workspace) {
    var needs = needs
    if let moment { needs.moments.formUnion([moment, moment + 1]) }
    needs.cutSlopes()
    let time = TimeAxis(moments: needs.moments, slopes: needs.slopes.map(\.moments), ambiguities: needs.ambiguities)
    needs.cutRamps(at: time.representatives)
    self.workspace = workspace
    self.time = time
    self.needs = needs
    attributes = needs.tests.sorted { ExactText.precedes($0.key, $1.key) }.map { name, tests in
      workspace.axis(name, tests.sorted())
    }
    let keys = needs.hashes.keys.sorted { left, right in
      left.by == right.by
        ? ExactText.precedes(left.prefix.string, right.prefix.string) : ExactText.precedes(left.by, right.by)
    }
    hashes = keys.map { key in
      let cuts = (needs.hashes[key] ?? []).filter { 0 < $0 && $0 < Bucketing.count }.sorted()
      return HashAxis(key: key, cells: zip([0] + cuts, cuts + [Bucketing.count]).map { $0..<$1 })
    }
    var layout = RegionLayout()
    layout.append(cells: time.cells.count)
    for axis in attributes { layout.append(cells: axis.cells.count) }
    for axis in hashes { layout.append(cells: axis.cells.count) }
    self.layout = layout
    everything = layout.everything
    diagram = Diagram(firstHash: attributes.count + 1)
    for (index, axis) in attributes.enumerated() { attributeAxes[axis.attribute] = index + 1 }
    for (index, axis) in hashes.enumerated() { hashAxes[axis.key] = attributes.count + 1 + index }
    diagram.charge(attributes.reduce(0) { $0 + $1.cells.count * $1.tests.count / 16 })
  }

  /// The first axis that is a hash.
  var firstHash: Int { attributes.count + 1 }

  /// The region with one cell of the time only.
  func restricted(_ region: Region, toTime cell: Int) -> Region {
    var region = region
    for word in layout.words(of: 0) { region[word] = 0 }
    layout.insert(cell, of: 0, into: &region)
    return region
  }

  // MARK: Atoms

  /// The condition that a test of the workspace holds.
  func condition(test number: Int) -> Diagram.Condition {
    if let condition = conditions[number] { return condition }
    let test = workspace.tests[number]
    guard let index = attributeAxes[test.attribute],
      let bit = (needs.tests[test.attribute]?.sorted() ?? []).firstIndex(of: number)
    else { preconditionFailure("the needs name every test") }
    let axis = attributes[index - 1]
    let condition = atom(axis: index) { axis.cells[$0].signature[bit] }
    conditions[number] = condition
    return condition
  }

  /// The condition that the bucket of a hash lies in some ranges.
  func condition(_ hash: HashKey, isIn isInside: (Range<Int>) -> Bool) -> Diagram.Condition {
    guard let index = hashAxes[hash] else { preconditionFailure("the needs name every hash") }
    let cells = hashes[index - firstHash].cells
    return atom(axis: index) { isInside(cells[$0]) }
  }

  /// The condition that the moment passes a test.
  func condition(now isInside: (Int64) -> Bool) -> Diagram.Condition {
    atom(axis: 0) { isInside(time.representatives[$0]) }
  }

  /// The condition that an axis has one of its cells in a region.
  func condition(axis: Int, in region: Region) -> Diagram.Condition {
    atom(axis: axis) { layout.contains($0, of: axis, in: region) }
  }

  private func atom(axis: Int, _ isInside: (Int) -> Bool) -> Diagram.Condition {
    var mask = [UInt64](repeating: 0, count: layout.words(of: axis).count)
    var count = 0
    for cell in 0..<layout.counts[axis] where isInside(cell) {
      mask[cell / 64] |= 1 << UInt64(cell % 64)
      count += 1
    }
    // A test that no cell passes may be passed by a value that is in none of them.
    let isComplete = axis == 0 || axis >= firstHash || attributes[axis - 1].isComplete
    if count == 0, isComplete { return Diagram.never }
    if count == layout.counts[axis], isComplete { return Diagram.always }
    let key = MaskKey(axis: axis, mask: mask)
    if let condition = masks[key] { return condition }
    let condition = diagram.appendAtom(Diagram.Atom(axis: axis, mask: mask, start: layout.starts[axis]))
    masks[key] = condition
    return condition
  }

  // MARK: What is known of a region

  /// Whether a region certainly has contexts: each attribute has a cell there that is proven to have values.
  func isProven(_ region: Region) -> Bool {
    for (index, axis) in attributes.enumerated() {
      guard layout.cells(of: index + 1, in: region).contains(where: { axis.cells[$0].isProven }) else { return false }
    }
    return true
  }

  /// Whether a region has all buckets of all hashes.
  func isFree(_ region: Region) -> Bool {
    (firstHash..<layout.counts.count).allSatisfy { layout.isFull($0, in: region) }
  }
}
