internal import CRE2

/// A pattern in RE2's syntax, matched anywhere in a text in time linear in the text.
package final class RegularExpression: @unchecked Sendable {
  // RE2 documents matching as safe from many threads, and the pointer never changes: hence @unchecked.
  let pointer: OpaquePointer

  /// The longest pattern accepted, in bytes.
  package static let maximumLength = 4096

  /// Compiles a pattern.
  ///
  /// - Parameters:
  ///   - pattern: RE2's syntax: no back references, no look-around.
  ///   - ignoreCase: whether letters match in either case.
  /// - Throws: what RE2 says is wrong with the pattern, at byte 0.
  package init(_ pattern: String, ignoreCase: Bool = false) throws(GrammarError) {
    guard pattern.utf8.count <= Self.maximumLength else {
      throw GrammarError("a pattern has \(Self.maximumLength) bytes at most", at: Self.maximumLength)
    }
    var pattern = pattern
    let compiled = pattern.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { ensign_re2_compile($0.baseAddress, $0.count, ignoreCase) }
    }
    guard let compiled else { throw GrammarError("there is no memory for the pattern", at: 0) }
    if let message = ensign_re2_error(compiled) {
      let message = String(cString: message)
      ensign_re2_free(compiled)
      throw GrammarError(message, at: 0)
    }
    pointer = compiled
  }

  deinit { ensign_re2_free(pointer) }

  /// Whether the pattern matches somewhere in a text.
  package func matches(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { Self.matches(pointer, $0) }
  }

  /// Whether a compiled pattern, held by someone else, matches somewhere in a text.
  static func matches(_ pointer: OpaquePointer, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.withMemoryRebound(to: CChar.self) { ensign_re2_matches(pointer, $0.baseAddress, $0.count) }
  }
}

/// What a regular expression is made of.
struct WrittenPattern: Hashable {
  /// In UTF-8: two strings are equal to Swift, too, when their bytes differ and people see the same.
  let text: [UInt8]
  let ignoresCase: Bool
}
