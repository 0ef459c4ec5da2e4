internal import Ensign

/// Looks for a context of a region, with values to hash that fall into the right buckets.
final class WitnessSearch {
  private let space: Space
  /// Values that may still be hashed for one flag.
  private var attempts: Int
  /// What searches came to: many regions have the same cells of an attribute, and the same buckets.
  private var examples: [Place: Context.Value?] = [:]
  private var found: [SearchKey: Value] = [:]

  /// A cell of an axis.
  private struct Place: Hashable {
    let axis: Int
    let cell: Int
  }

  private struct SearchKey: Hashable {
    let axis: Int
    let cells: [Int]
    /// The buckets' cells of each hash of the attribute, where they are not all.
    let buckets: [Int: [Int]]
  }

  /// How many values are hashed for one flag at most: a fifth of a second.
  static let maximumAttempts = 1_000_000

  /// What a search came to.
  enum Result {
    case found(Witness)
    /// The region has no such context: there are finitely many values to hash, and none of them falls into the buckets.
    case impossible
    /// There may be one, but it is rare, or an example of a text is missing.
    case unknown
  }

  init(_ space: Space) {
    self.space = space
    attempts = Self.maximumAttempts
  }

  /// Looks for a context of a box whose hash is forced into a bucket: nil unless there is one hash that matters.
  func findForced(in box: Region) -> Witness? {
    let hashes = (space.firstHash..<space.layout.counts.count).filter { !space.layout.isFull($0, in: box) }
    guard hashes.count == 1 else { return nil }
    let hash = space.hashes[hashes[0] - space.firstHash]
    guard let cell = space.layout.cells(of: hashes[0], in: box).first else { return nil }
    var relaxed = box
    for word in space.layout.words(of: hashes[0]) { relaxed[word] = space.everything[word] }
    guard case .found(var witness) = find(in: relaxed, hashed: hash.key.by) else { return nil }
    witness.forcedBucket = hash.cells[cell].lowerBound
    return witness
  }

  /// Looks for a context of a box, at the representative of its first cell of time.
  ///
  /// - Parameter hashed: an attribute that has to have a value that can be hashed.
  func find(in box: Region, hashed: String? = nil) -> Result {
    var attributes: [Witness.Attribute] = []
    for (index, axis) in space.attributes.enumerated() {
      let cells = space.layout.cells(of: index + 1, in: box)
      let hashes = hashes(of: axis.attribute, in: box)
      if hashes.isEmpty, axis.attribute != hashed {
        if space.layout.isFull(index + 1, in: box) { continue }
        guard let cell = Self.plainest(cells, of: axis) else { return .unknown }
        if let value = example(of: index, cell: cell) {
          attributes.append(Witness.Attribute(name: axis.attribute, value: value))
        } else if !axis.cells[cell].admitsMissing {
          return .unknown
        }
      } else {
        switch value(of: index, cells: cells, hashes, in: box) {
        case .found(let value): attributes.append(Witness.Attribute(name: axis.attribute, value: value))
        case .impossible: return .impossible
        case .unknown: return .unknown
        }
      }
    }
    return .found(Witness(attributes: attributes, now: moment(in: box), forcedBucket: nil))
  }

  func moment(in box: Region) -> Timestamp {
    let cell = space.layout.cells(of: 0, in: box).first ?? 0
    return Timestamp(milliseconds: space.time.representatives[cell])
  }

  /// A cell with an example, rather one with a value than without.
  private static func plainest(_ cells: [Int], of axis: Axis) -> Int? {
    let proven = cells.filter { axis.cells[$0].isProven }
    let present = proven.first { index in
      switch axis.cells[index].content {
      case .missing, .untyped: false
      default: true
      }
    }
    return present ?? proven.first
  }

  /// A value of a cell; nil when no example is one.
  private func example(of axis: Int, cell: Int) -> Context.Value? {
    let place = Place(axis: axis, cell: cell)
    if let known = examples[place] { return known }
    let axis = space.attributes[axis]
    let value = axis.cells[cell].samples.lazy.compactMap { $0.value(0) }.first {
      axis.signature(of: $0) == axis.cells[cell].signature
    }
    examples[place] = .some(value)
    return value
  }

  // MARK: Values to hash

  private struct Constraint {
    let prefix: Murmur3
    let buckets: [Range<Int>]
  }

  /// The hashes of an attribute, by their axes, of which a box does not have all buckets.
  private func hashes(of attribute: String, in box: Region) -> [Int] {
    space.hashes.indices.map { space.firstHash + $0 }.filter { axis in
      space.hashes[axis - space.firstHash].key.by == attribute && !space.layout.isFull(axis, in: box)
    }
  }

  private func constraint(_ hash: Int, in box: Region) -> Constraint {
    let axis = space.hashes[hash - space.firstHash]
    var prefix = Murmur3()
    prefix.update(axis.key.prefix.string)
    return Constraint(prefix: prefix, buckets: space.layout.cells(of: hash, in: box).map { axis.cells[$0] })
  }

  private enum Value {
    case found(Context.Value)
    case impossible
    case unknown
  }

  private func value(of axis: Int, cells: [Int], _ hashes: [Int], in box: Region) -> Value {
    var buckets: [Int: [Int]] = [:]
    for hash in hashes { buckets[hash] = space.layout.cells(of: hash, in: box) }
    let key = SearchKey(axis: axis, cells: cells, buckets: buckets)
    if let known = found[key] { return known }
    let value = search(space.attributes[axis], cells: cells, hashes.map { constraint($0, in: box) })
    found[key] = value
    return value
  }

  private func search(_ axis: Axis, cells: [Int], _ constraints: [Constraint]) -> Value {
    var measure = 1.0
    for constraint in constraints {
      measure *= Double(constraint.buckets.reduce(0) { $0 + $1.count }) / Double(Bucketing.count)
    }
    var isExhausted = axis.isComplete
    // Texts of any kind first: one of them looks like a user's key.
    let order =
      cells.filter { if case .text = axis.cells[$0].content { true } else { false } }
      + cells.filter {
        if case .text = axis.cells[$0].content { false } else { true }
      }
    for cell in order {
      if !axis.cells[cell].isProven { isExhausted = false }
      for samples in axis.cells[cell].samples {
        if !samples.isFinite { isExhausted = false }
        // Thirty times the expected number of tries fails once in ten million million.
        let share = max(64, Int(30 / max(measure, 1e-9)))
        var number = 0
        while let value = samples.value(number) {
          guard attempts > 0, number < share else {
            isExhausted = false
            break
          }
          attempts -= 1
          number += 1
          if falls(value, constraints), axis.signature(of: value) == axis.cells[cell].signature { return .found(value) }
        }
      }
    }
    return isExhausted ? .impossible : .unknown
  }

  private func falls(_ value: Context.Value, _ constraints: [Constraint]) -> Bool {
    let text: String
    switch value {
    case .string(let string): text = string
    case .integer(let integer): text = String(integer)
    case .boolean(let boolean): text = boolean ? "true" : "false"
    case .number, .list, .timestamp: return false
    }
    return constraints.allSatisfy { constraint in
      var hash = constraint.prefix
      hash.update(text)
      let bucket = Bucketing.bucket(hash.finish())
      return constraint.buckets.contains { $0.contains(bucket) }
    }
  }
}
