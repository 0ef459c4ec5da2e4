/// Remembers objects by their places in packs, within a bound.
///
/// Of two objects that fall on one slot the later one stays; where there are too many bytes, slots are emptied in turn.
struct PackCache {
  /// What each slot is for; looked at without touching the object, which is far away in memory.
  private var labels: [Label]
  private var objects: [PackReader.Object?]
  /// How many slots are not empty.
  private var used = 0
  private var size = 0
  private var hand = 0
  private let limit: Int

  private struct Label {
    /// Nil for an empty slot.
    var place: PackReader.Place?
    var footprint = 0
  }

  /// - Parameter limit: how many bytes of memory the objects may need.
  init(limit: Int) {
    self.limit = limit
    labels = Array(repeating: Label(), count: Self.fewest)
    objects = Array(repeating: nil, count: Self.fewest)
  }

  /// The object at a place, if it is remembered.
  func object(at place: PackReader.Place) -> PackReader.Object? {
    let index = index(of: place)
    return labels[index].place == place ? objects[index] : nil
  }

  /// Remembers the object at a place.
  mutating func remember(_ object: PackReader.Object, at place: PackReader.Place) {
    if used > labels.count / 2, labels.count < Self.most { grow() }
    let index = index(of: place)
    empty(index)
    let footprint = object.content.footprint
    labels[index] = Label(place: place, footprint: footprint)
    objects[index] = object
    used += 1
    size += footprint
    while size > limit {
      if hand != index { empty(hand) }
      hand = (hand + 1) % labels.count
      // One object larger than the bound is alone.
      if hand == index, size <= footprint { return }
    }
  }

  private mutating func empty(_ index: Int) {
    guard labels[index].place != nil else { return }
    size -= labels[index].footprint
    labels[index] = Label()
    objects[index] = nil
    used -= 1
  }

  // A short walk does not pay for the slots of a long one; and what fell out long ago is not in the processor's cache any
  // more, where giving it up is what takes the time.
  private static let fewest = 1 << 8
  private static let most = 1 << 12

  /// Makes four times as many slots; what falls on one has fallen on one before.
  private mutating func grow() {
    let (oldLabels, oldObjects) = (labels, objects)
    labels = Array(repeating: Label(), count: 4 * oldLabels.count)
    objects = Array(repeating: nil, count: 4 * oldLabels.count)
    hand = 0
    for (label, object) in zip(oldLabels, oldObjects) {
      guard let place = label.place else { continue }
      let index = index(of: place)
      (labels[index], objects[index]) = (label, object)
    }
  }

  /// Fibonacci hashing: neighbours in the pack fall on different slots.
  private func index(of place: PackReader.Place) -> Int {
    let number = UInt64(truncatingIfNeeded: place.offset ^ place.pack << 40)
    return Int((number &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - labels.count.trailingZeroBitCount))
  }
}
