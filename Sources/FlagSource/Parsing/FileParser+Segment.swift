internal import YAML

extension FileParser {
  /// Reads a segment; the text file that `includeFrom` names is left to the caller.
  mutating func segment(_ root: Document.Node, key: String) -> (segment: Segment, includeFrom: Located<String>?)? {
    let wanted = Wanted("the segment", "a mapping", example: "include: [user-1]")
    guard let fields = fields(root, SegmentKey.self, orElse: wanted) else { return nil }
    let description = fields.value(SegmentKey.description).flatMap { prose($0, orElse: Wanted(SegmentKey.description)) }
    let include = fields.value(SegmentKey.include).flatMap { targetingKeys($0, orElse: Wanted(SegmentKey.include)) }
    let exclude = fields.value(SegmentKey.exclude).flatMap { targetingKeys($0, orElse: Wanted(SegmentKey.exclude)) }
    let includeFrom = fields.value(SegmentKey.includeFrom).flatMap { fileName($0) }
    let when = fields.value(SegmentKey.when).flatMap { condition($0, orElse: Wanted(SegmentKey.when)) }
    if [SegmentKey.include, .includeFrom, .when].allSatisfy({ fields.value($0) == nil }), !isBroken {
      report(
        .missingOneOf(
          ["include", "includeFrom", "when"], in: SegmentKey.mapping.description,
          help: "say who is in the segment; as it stands nobody is", at: placeOfHead(root)))
    }
    let segment = Segment(
      file: file, key: key, description: description, include: include ?? [], exclude: exclude ?? [], includeFrom: nil,
      when: when)
    return (segment, includeFrom)
  }

  /// The name of a file in the segment's folder.
  private mutating func fileName(_ node: Document.Node) -> Located<String>? {
    guard let name = text(node, orElse: Wanted(SegmentKey.includeFrom)) else { return nil }
    let isPlain = !name.value.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F }
    guard isPlain, name.value.utf8.first != UInt8(ascii: ".") else {
      report(.includeElsewhere(name.value, at: place(node)))
      return nil
    }
    return name
  }
}
