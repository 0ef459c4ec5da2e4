/// One segment of a generated tree.
struct GeneratedSegment {
  let key: String
  let text: String
  /// The file of targeting keys that it includes, where it has one.
  let list: String?

  init(index: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed, part: UInt64(index) << 8 | 1)
    key = Self.key(index)
    var text = "description: Generated segment number \(index).\n"
    let members = (0..<(1 + random.below(12))).map { "member-\(index)-\($0)" }
    text += "include: [\(members.joined(separator: ", "))]\n"
    if random.chance(50) { text += "exclude: [former-\(index)-0, former-\(index)-1]   # left the company\n" }
    list = index % 40 == 3 ? (0..<1000).map { "listed-\(index)-\($0)\n" }.joined() : nil
    if list != nil { text += "includeFrom: \(key).txt\n" }
    text += "when:\n"
    if index % 10 == 9 {
      text += "  any:\n    - segment: \(Self.key(index - 1))\n"
      text += "    - {\(Condition(&random, most: 1).entries[0])}\n"
    } else {
      for entry in Condition(&random, most: 3).entries { text += "  \(entry)\n" }
    }
    self.text = text
  }

  static func key(_ index: Int) -> String { "segment-\(index)" }

  /// A targeting key that the segment includes, whatever else the context says.
  static func member(_ index: Int) -> String { "member-\(index)-0" }
}
