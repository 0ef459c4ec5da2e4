/// The generator of numbers behind every generated tree: the same seed gives the same tree on every machine.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  /// The generator of one part of a tree, so that a part does not change when others are added before it.
  init(seed: UInt64, part: UInt64) {
    var whole = SplitMix64(seed: seed)
    state = whole.next() ^ (part &* 0xd134_2543_de82_ef95)
    state = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0..<bound.
  ///
  /// The bias of a remainder does not matter here, that it never changes does.
  mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(bound))
  }

  /// True in `percent` of 100 cases.
  mutating func chance(_ percent: Int) -> Bool {
    below(100) < percent
  }

  /// One of the elements, which must not be empty.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }

  /// So many different elements, in their own order.
  mutating func pick<Element>(_ count: Int, of elements: [Element]) -> [Element] {
    var left = Array(elements.indices)
    while left.count > count { left.remove(at: below(left.count)) }
    return left.map { elements[$0] }
  }
}
