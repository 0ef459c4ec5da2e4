import Ensign

/// A document taken apart as ``SnapshotTrial`` takes it: a frame without flags, and the flags in parts.
struct SnapshotParts {
  let frame: [UInt8]
  let keys: [String]
  let parts: [[UInt8]]

  /// Takes a document apart; what has no flags to take out is all frame.
  ///
  /// - Parameter size: so many flags make a part.
  init(_ bytes: [UInt8], partsOf size: Int) {
    guard let tape = try? JSONReader.read(bytes), let flags = Self.flags(of: tape) else {
      (frame, keys, parts) = (bytes, [], [])
      return
    }
    frame =
      bytes[..<tape.tokens[flags].offset] + [UInt8(ascii: "{"), UInt8(ascii: "}")] + bytes[Self.end(of: flags, tape)...]
    var keys: [String] = []
    var parts: [[UInt8]] = []
    var member = flags + 1
    while member < tape.tokens[flags].extent {
      let isFirst = keys.count.isMultiple(of: size)
      if isFirst { parts.append([]) }
      parts[parts.count - 1] += isFirst ? [UInt8(ascii: "{")] : [UInt8(ascii: ",")]
      parts[parts.count - 1] += bytes[(tape.tokens[member].offset - 1)..<Self.end(of: member + 1, tape)]
      keys.append(tape.string(at: member))
      member = tape.end(of: member + 1)
    }
    self.keys = keys
    self.parts = parts.map { $0 + [UInt8(ascii: "}")] }
  }

  /// Checks the parts.
  func check() throws(SnapshotError) {
    var trial = try SnapshotTrial(frame: frame, flags: keys)
    for part in parts { try trial.add(part) }
    try trial.finish()
  }

  /// The token of the object of flags.
  private static func flags(of tape: JSONTape) -> Int? {
    guard tape.tokens[0].kind == .object else { return nil }
    var member = 1
    while member < tape.tokens[0].extent {
      if tape.string(at: member) == "flags" { return tape.tokens[member + 1].kind == .object ? member + 1 : nil }
      member = tape.end(of: member + 1)
    }
    return nil
  }

  /// The byte behind a value.
  private static func end(of index: Int, _ tape: JSONTape) -> Int {
    let token = tape.tokens[index]
    switch token.kind {
    case .null, .yes: return token.offset + 4
    case .no: return token.offset + 5
    case .integer, .number: return token.offset + token.extent
    case .string: return token.offset + token.extent + 1
    case .array, .object:
      // The last value in it, and what closes it.
      var child = index + 1
      var end = token.offset + 1
      while child < token.extent {
        let value = token.kind == .object ? child + 1 : child
        end = Self.end(of: value, tape)
        child = tape.end(of: value)
      }
      let closing: [UInt8] = [UInt8(ascii: "]"), UInt8(ascii: "}")]
      while !closing.contains(tape.bytes[end]) { end += 1 }
      return end + 1
    }
  }
}
