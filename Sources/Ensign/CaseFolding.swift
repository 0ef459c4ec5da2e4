/// Unicode simple case folding (statuses C and S of CaseFolding.txt): each character becomes one character, the same in
/// every language.
///
/// Nothing is normalised, so `é` in one and in two characters stay different.
package enum CaseFolding {
  /// The folded text.
  package static func fold(_ text: String) -> String {
    var text = text
    return text.withUTF8 { utf8 in
      String(unsafeUninitializedCapacity: capacity(for: utf8.count)) { fold(utf8, into: $0) }
    }
  }

  /// The characters that fold to a character, that one included if it folds to itself.
  ///
  /// - Complexity: O(*n*) in the runs of the table, about two hundred.
  package static func variants(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    var variants: [Unicode.Scalar] = []
    if scalar.value < 0x80 ? !("A"..."Z").contains(scalar) : fold(scalar.value) == scalar.value {
      variants.append(scalar)
    }
    if ("a"..."z").contains(scalar), let upper = Unicode.Scalar(scalar.value - 0x20) { variants.append(upper) }
    for run in stride(from: 0, to: table.count, by: 4) {
      let code = Int64(scalar.value) - Int64(table[run + 3])
      guard code >= 0x80, code >= Int64(table[run]), code <= Int64(table[run + 1]),
        (code - Int64(table[run])) % Int64(table[run + 2]) == 0
      else { continue }
      if let variant = Unicode.Scalar(UInt32(code)), variant != scalar { variants.append(variant) }
    }
    return variants
  }

  /// The room that folding a text of `count` bytes needs: two bytes can become three.
  static func capacity(for count: Int) -> Int { count + count / 2 }

  /// Folds valid UTF-8 into a buffer of `capacity(for:)` bytes, and returns the folded length.
  static func fold(_ text: UnsafeBufferPointer<UInt8>, into folded: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var index = 0
    var length = 0
    while index < text.count {
      let byte = text[index]
      if byte < 0x80 {
        folded[length] = byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
        index &+= 1
        length &+= 1
      } else {
        let count = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
        var scalar = UInt32(byte) & (0xff >> UInt32(count + 1))
        for offset in 1..<count where index + offset < text.count {
          scalar = scalar << 6 | UInt32(text[index + offset] & 0x3f)
        }
        length += encode(fold(scalar), into: folded, at: length)
        index += count
      }
    }
    return length
  }

  /// The folded form of a code point above ASCII.
  private static func fold(_ scalar: UInt32) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      let code = Int32(truncatingIfNeeded: scalar)
      // The last run that begins at or before the code point.
      var low = 0
      var high = table.count / 4
      while low < high {
        let middle = (low + high) / 2
        if table[middle * 4] <= code { low = middle + 1 } else { high = middle }
      }
      guard low > 0 else { return scalar }
      let run = (low - 1) * 4
      guard code <= table[run + 1], (code - table[run]) % table[run + 2] == 0 else { return scalar }
      return UInt32(bitPattern: code + table[run + 3])
    }
  }

  private static func encode(_ scalar: UInt32, into text: UnsafeMutableBufferPointer<UInt8>, at index: Int) -> Int {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | scalar >> shift & 0x3f) }
    switch scalar {
    case ..<0x80:
      text[index] = UInt8(truncatingIfNeeded: scalar)
      return 1
    case ..<0x800:
      text[index] = UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6)
      text[index + 1] = continuation(0)
      return 2
    case ..<0x10000:
      text[index] = UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12)
      text[index + 1] = continuation(6)
      text[index + 2] = continuation(0)
      return 3
    default:
      text[index] = UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18)
      text[index + 1] = continuation(12)
      text[index + 2] = continuation(6)
      text[index + 3] = continuation(0)
      return 4
    }
  }
}
