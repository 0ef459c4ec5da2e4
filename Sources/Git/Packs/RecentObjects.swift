/// The last objects that were asked for, by the first byte of their ids.
///
/// Of two objects whose ids begin alike the later one stays.
struct RecentObjects {
  /// Looked at without touching the objects, which are far away in memory.
  private var ids: [ObjectID?]
  private var objects: [PackReader.Object?]

  /// - Parameter count: a power of two, at most 256.
  init(count: Int) {
    ids = Array(repeating: nil, count: count)
    objects = Array(repeating: nil, count: count)
  }

  /// The object with an id; nil when it is none of the last ones.
  subscript(id: ObjectID) -> PackReader.Object? {
    get { ids[slot(of: id)] == id ? objects[slot(of: id)] : nil }
    set {
      ids[slot(of: id)] = id
      objects[slot(of: id)] = newValue
    }
  }

  /// Whether an object is one of the last ones.
  func contains(_ id: ObjectID) -> Bool { ids[slot(of: id)] == id }

  private func slot(of id: ObjectID) -> Int { id.firstByte & (ids.count - 1) }
}
