extension Commit {
  /// A line `Key: value` at the end of a message.
  public struct Trailer: Hashable, Sendable {
    /// The word before the colon.
    public var key: String
    /// What stands behind it, continued lines put together.
    public var value: String
  }

  /// The trailers: the last paragraph of the message, when it is not the first and has nothing but trailers.
  public var trailers: [Trailer] {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false).reversed()
      .drop { $0.allSatisfy(\.isWhitespace) }
    let paragraph = lines.prefix { !$0.allSatisfy(\.isWhitespace) }
    guard paragraph.count < lines.count else { return [] }
    var trailers: [Trailer] = []
    for line in paragraph.reversed() {
      if line.first?.isWhitespace == true {
        guard !trailers.isEmpty else { return [] }
        trailers[trailers.count - 1].value += " " + Self.trimmed(line)
        continue
      }
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, line[..<colon].utf8.allSatisfy(isOfKey)
      else {
        return []
      }
      trailers.append(Trailer(key: String(line[..<colon]), value: Self.trimmed(line[line.index(after: colon)...])))
    }
    return trailers
  }

  private func isOfKey(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
    default: false
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0.isWhitespace }
    return String(start.prefix(start.count - start.reversed().prefix { $0.isWhitespace }.count))
  }
}
