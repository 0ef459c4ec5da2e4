/// Two lists of members for each of some things, as canonical JSON without braces, all in one stretch of memory.
struct MemberPairs: Sendable {
  /// All lists, one after the other.
  private var bytes: [UInt8]
  private var places: [Place]

  /// Where the two lists of a thing stand: the second one begins where the first one ends.
  struct Place: Sendable {
    fileprivate let start: UInt32
    fileprivate let middle: UInt32
    fileprivate let end: UInt32

    /// The place of two lists, which end below 4 GiB: 500 files of 1 MiB at most stand in one stretch, and JSON of YAML
    /// takes six times as much in the worst case (control characters).
    init(start: Int, middle: Int, end: Int) {
      self.start = UInt32(start)
      self.middle = UInt32(middle)
      self.end = UInt32(end)
    }

    /// A thing that has no lists.
    static let none = Place(start: 0, middle: 0, end: 0)
  }

  /// Makes it of places in `bytes`.
  init(_ bytes: [UInt8], _ places: [Place]) {
    // Without what the writers have reserved and not used, which would be half of it.
    self.bytes = bytes.withUnsafeBufferPointer { Array($0) }
    self.places = places.withUnsafeBufferPointer { Array($0) }
  }

  /// The number of things.
  var count: Int { places.count }

  /// The number of bytes of all lists.
  var size: Int { bytes.count }

  /// The two lists of a thing.
  subscript(index: Int) -> (first: ArraySlice<UInt8>, last: ArraySlice<UInt8>) {
    let place = places[index]
    return (
      bytes[Int(place.start)..<Int(place.middle)], bytes[Int(place.middle)..<Int(place.end)]
    )
  }
}
