/// Strong entity tags, and the condition on them (RFC 9110, sections 8.8.3 and 13.1.2).
package enum EntityTag {
  /// Whether an `If-None-Match` field names a representation: as `*`, or in its list.
  ///
  /// The comparison is the weak one, as the RFC has it: a proxy that compresses marks a tag as weak, and what it marks
  /// is still ours. Anything malformed names nothing.
  ///
  /// - Parameters:
  ///   - tag: the representation's tag, with its quotation marks.
  ///   - field: the field's value.
  package static func matches(_ tag: String, field: String) -> Bool {
    let tag = Array(tag.utf8)
    var rest = Array(field.utf8)[...]
    rest.skipSpace()
    if Array(rest).elementsEqual([UInt8(ascii: "*")]) { return true }
    while !rest.isEmpty {
      if rest.starts(with: "W/".utf8) { rest.removeFirst(2) }
      guard rest.first == UInt8(ascii: "\""), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\"")) else {
        return false
      }
      if rest[...end].elementsEqual(tag) { return true }
      rest = rest[(end + 1)...]
      rest.skipSpace()
      if !rest.isEmpty, rest.popFirst() != UInt8(ascii: ",") { return false }
      rest.skipSpace()
    }
    return false
  }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func skipSpace() {
    while first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") { removeFirst() }
  }
}
