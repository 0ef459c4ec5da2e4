/// Where objects are that will be asked for.
///
/// Of two objects whose ids begin alike the later one stays.
struct UpcomingObjects {
  private var ids: [ObjectID?] = []
  private var found: [(place: PackReader.Place, entry: Pack.Entry)?] = []

  private static let count = 1 << 9

  /// Notes where objects are.
  ///
  /// - Parameter entries: of the ids in order, with the places where they begin; nil where there is none.
  mutating func note(_ ids: [ObjectID], _ entries: [(offset: Int, entry: Pack.Entry)?], inPack number: Int) {
    if self.ids.isEmpty {
      self.ids = Array(repeating: nil, count: Self.count)
      found = Array(repeating: nil, count: Self.count)
    }
    for (id, entry) in zip(ids, entries) {
      guard let (offset, entry) = entry else { continue }
      self.ids[slot(of: id)] = id
      found[slot(of: id)] = (PackReader.Place(pack: number, offset: offset), entry)
    }
  }

  /// Where an object is and how it begins; nil where that was not noted.
  subscript(id: ObjectID) -> (place: PackReader.Place, entry: Pack.Entry)? {
    ids.isEmpty || ids[slot(of: id)] != id ? nil : found[slot(of: id)]
  }

  private func slot(of id: ObjectID) -> Int { Int(truncatingIfNeeded: id.leading >> 32) & (Self.count - 1) }
}
