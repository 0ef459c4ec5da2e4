internal import CSodium

/// Base 64 (RFC 4648), by libsodium.
package enum Base64 {
  /// The text of bytes, in the standard alphabet and padded.
  package static func encode(_ bytes: [UInt8]) -> String {
    let variant = sodium_base64_VARIANT_ORIGINAL
    var text = [CChar](repeating: 0, count: sodium_base64_encoded_len(bytes.count, variant))
    _ = sodium_bin2base64(&text, text.count, bytes, bytes.count, variant)
    return String(decoding: text.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The bytes of a text in the standard or the URL-safe alphabet, padded or not; nil when it is none.
  ///
  /// One text stands for the bytes in each form: white space, and bits left over that are not zero, are refused.
  package static func decode(_ text: String) -> [UInt8]? {
    let variants = [
      sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_URLSAFE, sodium_base64_VARIANT_ORIGINAL_NO_PADDING,
      sodium_base64_VARIANT_URLSAFE_NO_PADDING,
    ]
    return variants.lazy.compactMap { decode(text, $0) }.first
  }

  private static func decode(_ text: String, _ variant: Int32) -> [UInt8]? {
    let characters = text.utf8.map(CChar.init(bitPattern:))
    var bytes = [UInt8](repeating: 0, count: characters.count / 4 * 3 + 3)
    var count = 0
    // Without a place for the end, bytes after the text are an error.
    let status = sodium_base642bin(&bytes, bytes.count, characters, characters.count, nil, &count, nil, variant)
    return status == 0 ? Array(bytes.prefix(count)) : nil
  }
}
