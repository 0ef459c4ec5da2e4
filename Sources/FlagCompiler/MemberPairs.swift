/// Two lists of members for each of some things, as canonical JSON without braces, all in one stretch of memory.
struct MemberPairs: Sendable {
  /// All lists, one after the other.
  private var bytes: [UInt8]
  private var places: [Place]

  /// Where the two lists of a thing stand: the second one begins where the first one ends.
  struct Place: Sendable {
    var start: Int
    var middle: Int
    var end: Int

    /// A thing that has no lists.
    static let none = Place(start: 0, middle: 0, end: 0)
  }

  /// Makes it of places in `bytes`.
  init(_ bytes: [UInt8], _ places: [Place]) {
    // Without what the writer has reserved and not used.
    self.bytes = Array(bytes[...])
    self.places = places
  }

  /// The number of things.
  var count: Int { places.count }

  /// The number of bytes of all lists.
  var size: Int { bytes.count }

  /// The two lists of a thing.
  subscript(index: Int) -> (first: ArraySlice<UInt8>, last: ArraySlice<UInt8>) {
    let place = places[index]
    return (bytes[place.start..<place.middle], bytes[place.middle..<place.end])
  }
}
