internal import Ensign

extension CompiledFields {
  /// The fields of two parts of one kind, without those of members that have the same bytes in both: most of a flag stays
  /// as it is when something of it changes.
  static func ofDifferentMembers(_ before: CompiledPart, _ after: CompiledPart) -> (CompiledFields, CompiledFields) {
    guard let old = PartMembers(before.json), let new = PartMembers(after.json) else {
      return (before.fields, after.fields)
    }
    return (
      CompiledFields(of: old.value(without: new), as: before.origin),
      CompiledFields(of: new.value(without: old), as: after.origin)
    )
  }

  /// The fields of a flag or a segment, by its object in a snapshot.
  init(of value: JSONValue, as origin: PartOrigin) {
    switch origin {
    case .flag: self.init(flag: value)
    case .segment: self.init(segment: value)
    }
  }
}

/// The members of the one member of an object, as they are written.
private struct PartMembers {
  private let tape: JSONTape
  /// The tokens of their names.
  private var names: [Int] = []

  /// Nil when the JSON is no such object.
  init?(_ json: [UInt8]) {
    guard let tape = try? JSONReader.read(json), tape.tokens.count > 2, tape.tokens[0].kind == .object,
      tape.tokens[2].kind == .object
    else { return nil }
    self.tape = tape
    var name = 3
    while name < tape.tokens[2].extent {
      names.append(name)
      name = tape.end(of: name + 1)
    }
  }

  /// The bytes of a member, from its name to the next one's, or to the end.
  private func bytes(_ member: Int) -> ArraySlice<UInt8> {
    let next = member + 1 < names.count ? tape.tokens[names[member + 1]].offset : tape.bytes.count
    return tape.bytes[tape.tokens[names[member]].offset..<next]
  }

  /// Whether a member is written just so: most likely the one at the same place.
  private func has(_ bytes: ArraySlice<UInt8>, near place: Int) -> Bool {
    if place < names.count, self.bytes(place) == bytes { return true }
    return names.indices.contains { self.bytes($0) == bytes }
  }

  /// An object of the members that another one does not have just so.
  func value(without others: PartMembers) -> JSONValue {
    var members: [JSONValue.Member] = []
    for member in names.indices {
      let bytes = bytes(member)
      if others.has(bytes, near: member) { continue }
      members.append(JSONValue.Member(key: tape.string(at: names[member]), value: tape.value(at: names[member] + 1)))
    }
    return .object(members)
  }
}
