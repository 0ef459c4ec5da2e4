/// A list of patterns parted by commas, as OpenSSH has them: `*` is any text, `?` any byte, and what matches a pattern
/// behind a `!` is out, whatever else it matches.
struct PatternList: Hashable, Sendable {
  private var wanted: [ArraySlice<UInt8>] = []
  private var refused: [ArraySlice<UInt8>] = []

  init(_ text: some Sequence<UInt8>) {
    for pattern in Array(text).split(separator: UInt8(ascii: ",")) {
      if pattern.first == UInt8(ascii: "!") {
        refused.append(pattern.dropFirst())
      } else {
        wanted.append(pattern)
      }
    }
  }

  /// The first pattern that is not behind a `!`; nil when the list matches nothing.
  var first: String? { wanted.first.map { String(decoding: $0, as: UTF8.self) } }

  /// Whether the list has a text.
  func matches(_ text: some Sequence<UInt8>) -> Bool {
    let text = Array(text)[...]
    return wanted.contains { Self.matches(text, $0) } && !refused.contains { Self.matches(text, $0) }
  }

  /// - Complexity: O(*n m*): after a mismatch, only the last star takes one byte more.
  private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
    var (text, pattern) = (text, pattern)
    var retry: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
    while true {
      if pattern.first == UInt8(ascii: "*") {
        pattern = pattern.dropFirst()
        retry = (text, pattern)
      } else if let byte = text.first, let wanted = pattern.first, wanted == byte || wanted == UInt8(ascii: "?") {
        text = text.dropFirst()
        pattern = pattern.dropFirst()
      } else if text.isEmpty, pattern.isEmpty {
        return true
      } else if let (rest, after) = retry, !rest.isEmpty {
        retry = (rest.dropFirst(), after)
        (text, pattern) = (rest.dropFirst(), after)
      } else {
        return false
      }
    }
  }
}
