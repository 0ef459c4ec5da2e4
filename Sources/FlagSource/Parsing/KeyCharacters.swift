/// The form of keys: `[A-Za-z0-9][A-Za-z0-9._-]*`, 128 bytes at most.
package enum KeyCharacters {
  /// In bytes.
  package static let greatestLength = 128

  /// Why `text` is no key, as a phrase; nil when it is one.
  package static func problem(in text: String) -> String? {
    var text = text
    return text.withUTF8 { problem(in: $0) }
  }

  static func problem(in text: UnsafeBufferPointer<UInt8>) -> String? {
    guard let first = text.first else { return "it is empty" }
    guard text.count <= greatestLength else { return "it has \(text.count) bytes, more than \(greatestLength)" }
    guard isAlphanumeric(first) else { return "it begins with neither a letter nor a digit" }
    for byte in text where !isAlphanumeric(byte) {
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): continue
      case 0x21..<0x7F: return "it contains `\(UnicodeScalar(byte))`"
      case 0x20: return "it contains a space"
      case 0x80...: return "it contains a character that is not ASCII"
      default: return "it contains a control character"
      }
    }
    return nil
  }

  /// Why `text` is no name in free words; nil when it is one.
  static func problem(inLabel text: UnsafeBufferPointer<UInt8>) -> String? {
    guard text.count <= greatestLength else { return "it has \(text.count) bytes, more than \(greatestLength)" }
    for byte in text where byte < 0x20 || byte == 0x7F { return "it contains a control character" }
    return nil
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }
}
