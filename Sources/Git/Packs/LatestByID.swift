/// The last values that were noted for ids, within a bound.
///
/// Of two ids that fall on one slot the later one stays. It takes no memory before the first value.
struct LatestByID<Value> {
  /// Looked at without touching the values, which may be far away in memory.
  private var ids: [ObjectID?] = []
  private var values: [Value?] = []
  private let count: Int

  /// - Parameter count: how many slots there are, a power of two.
  init(count: Int) { self.count = count }

  /// The value of an id; nil when it is not noted any more.
  subscript(id: ObjectID) -> Value? {
    get { contains(id) ? values[slot(of: id)] : nil }
    set {
      if ids.isEmpty {
        ids = Array(repeating: nil, count: count)
        values = Array(repeating: nil, count: count)
      }
      ids[slot(of: id)] = id
      values[slot(of: id)] = newValue
    }
  }

  /// Whether there is a value of an id.
  func contains(_ id: ObjectID) -> Bool { !ids.isEmpty && ids[slot(of: id)] == id }

  private func slot(of id: ObjectID) -> Int { Int(truncatingIfNeeded: id.leading >> 32) & (count - 1) }
}
