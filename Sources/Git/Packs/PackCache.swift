/// Remembers objects by their places in packs, within a bound.
///
/// Of two objects that fall on one slot the later one stays; where there are too many bytes, slots are emptied in turn.
struct PackCache {
  private var slots: [Slot?]
  /// How many slots are not empty.
  private var used = 0
  private var size = 0
  private var hand = 0
  private let limit: Int

  private struct Slot {
    var place: PackReader.Place
    var object: PackReader.Object
  }

  /// - Parameter limit: how many bytes of memory the objects may need.
  init(limit: Int) {
    self.limit = limit
    slots = Array(repeating: nil, count: Self.fewest)
  }

  /// The object at a place, if it is remembered.
  func object(at place: PackReader.Place) -> PackReader.Object? {
    guard let slot = slots[index(of: place)], slot.place == place else { return nil }
    return slot.object
  }

  /// Remembers the object at a place.
  mutating func remember(_ object: PackReader.Object, at place: PackReader.Place) {
    if used > slots.count / 2, slots.count < Self.most { grow() }
    let index = index(of: place)
    empty(index)
    slots[index] = Slot(place: place, object: object)
    used += 1
    size += object.content.footprint
    while size > limit {
      if hand != index { empty(hand) }
      hand = (hand + 1) % slots.count
      // One object larger than the bound is alone.
      if hand == index, size <= object.content.footprint { return }
    }
  }

  private mutating func empty(_ index: Int) {
    guard let slot = slots[index] else { return }
    size -= slot.object.content.footprint
    slots[index] = nil
    used -= 1
  }

  // A short walk does not pay for the slots of a long one.
  private static let fewest = 1 << 8
  private static let most = 1 << 14

  /// Makes four times as many slots; what falls on one has fallen on one before.
  private mutating func grow() {
    let old = slots
    slots = Array(repeating: nil, count: 4 * old.count)
    hand = 0
    for case .some(let slot) in old { slots[index(of: slot.place)] = slot }
  }

  /// Fibonacci hashing: neighbours in the pack fall on different slots.
  private func index(of place: PackReader.Place) -> Int {
    let number = UInt64(truncatingIfNeeded: place.offset ^ place.pack << 40)
    return Int((number &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - slots.count.trailingZeroBitCount))
  }
}
