/// Bytes that are served as they are: with a strong validator, compressed where the client takes that, whole or in part.
package final class Resource: Sendable {
  /// How a representation is compressed, the best first.
  package enum Coding: Int, CaseIterable, Sendable {
    case zstandard
    case gzip
    case identity

    /// The name in header fields.
    var name: StaticString {
      switch self {
      case .zstandard: "zstd"
      case .gzip: "gzip"
      case .identity: "identity"
      }
    }
  }

  /// One form of the bytes.
  private final class Variant: Sendable {
    let coding: Coding
    /// The entity tag, with its quotes.
    let tag: [UInt8]
    let whole: PreparedResponse
    let unchanged: PreparedResponse

    init(_ coding: Coding, tag: [UInt8], whole: PreparedResponse, unchanged: PreparedResponse) {
      self.coding = coding
      self.tag = tag
      self.whole = whole
      self.unchanged = unchanged
    }
  }

  private let variants: [Variant]
  private let bytes: SharedBytes
  private let fields: [(name: String, value: String)]
  private let acceptsRanges: Bool

  /// - Parameters:
  ///   - bytes: the content.
  ///   - compressed: the same content in other codings.
  ///   - tag: what tells this content from any other, without quotes. A compressed form gets a tag of its own from it.
  ///   - fields: fields of all responses, such as `Content-Type` and `Cache-Control`.
  ///   - acceptsRanges: whether a part can be asked for.
  package init(
    _ bytes: SharedBytes, compressed: [Coding: SharedBytes] = [:], tag: String, fields: [(name: String, value: String)],
    acceptsRanges: Bool = false
  ) throws(HTTPServerError) {
    self.bytes = bytes
    self.acceptsRanges = acceptsRanges
    var lasting = fields
    if !compressed.isEmpty { lasting.append(("Vary", "Accept-Encoding")) }
    self.fields = acceptsRanges ? lasting + [("Accept-Ranges", "bytes")] : lasting
    // What describes content that is not sent is left out (RFC 9110, section 15.4.5).
    let unchanged = lasting.filter { $0.name != "Content-Type" }
    var variants: [Variant] = []
    for coding in Coding.allCases {
      guard let content = coding == .identity ? self.bytes : compressed[coding] else { continue }
      let text = coding == .identity ? "\"\(tag)\"" : "\"\(tag)-\(coding.name)\""
      let common = self.fields + [("ETag", text)]
      let coded = coding == .identity ? common : common + [("Content-Encoding", "\(coding.name)")]
      variants.append(
        Variant(
          coding, tag: Array(text.utf8),
          whole: try PreparedResponse(status: 200, fields: coded, body: content),
          unchanged: try PreparedResponse(status: 304, fields: unchanged + [("ETag", text)])))
    }
    self.variants = variants
  }

  /// The entity tag of the bytes as they are, with its quotes.
  package var tag: String { variants.last.map { String(decoding: $0.tag, as: UTF8.self) } ?? "" }

  /// The response with all bytes, as they are.
  package var whole: PreparedResponse? { variants.last?.whole }

  /// The response to who has these bytes.
  package var unchanged: PreparedResponse? { variants.last?.unchanged }

  /// The response to a GET or HEAD, by the conditions that the request states.
  package func response(to head: borrowing RequestHead) -> PreparedResponse? {
    guard let variant = variant(for: head) else { return nil }
    if let condition = unsafe head.rawField("if-none-match"),
      unsafe EntityTags.match(condition, variant.tag)
    {
      return variant.unchanged
    }
    guard acceptsRanges, head.method == .get, let asked = head.field("range") else { return variant.whole }
    return part(asked, ifTag: head.field("if-range")) ?? variant.whole
  }

  /// Whether the client says that it has these bytes, in any coding.
  package func isKnown(to head: borrowing RequestHead) -> Bool {
    guard let condition = unsafe head.rawField("if-none-match") else { return false }
    return variants.contains { unsafe EntityTags.match(condition, $0.tag) }
  }

  private func variant(for head: borrowing RequestHead) -> Variant? {
    // A part of compressed bytes is of no use to anybody.
    guard variants.count > 1, let accepted = unsafe head.rawField("accept-encoding"),
      unsafe head.rawField("range") == nil
    else { return variants.last }
    let codings = unsafe AcceptedCodings(accepted)
    return variants.first { $0.coding != .identity && codings.accepts($0.coding) } ?? variants.last
  }

  /// The answer to a request for a part; nil when the whole is to be sent.
  private func part(_ asked: String, ifTag: String?) -> PreparedResponse? {
    if let ifTag, ifTag != tag { return nil }
    switch ByteRange.read(asked, size: bytes.count) {
    case .none: return nil
    case .unsatisfiable:
      return try? PreparedResponse(status: 416, fields: fields + [("Content-Range", "bytes */\(bytes.count)")])
    case .part(let range):
      let content = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(bytes.count)"
      return try? PreparedResponse(
        status: 206, fields: fields + [("ETag", tag), ("Content-Range", content)], body: bytes, range: range)
    }
  }
}

/// Lists of entity tags, as in `If-None-Match`.
enum EntityTags {
  /// Whether a list is `*`, or one of its tags is this one, by the weak comparison that this field asks for.
  static func match(_ list: UnsafeRawBufferPointer, _ tag: [UInt8]) -> Bool {
    if unsafe SameBytes.are(tag, list) { return true }
    return unsafe match(String(decoding: list, as: UTF8.self), String(decoding: tag, as: UTF8.self))
  }

  private static func match(_ list: String, _ tag: String) -> Bool {
    list.split(separator: ",").contains { part in
      var part = part.drop { $0 == " " || $0 == "\t" }
      while part.last == " " || part.last == "\t" { part.removeLast() }
      if part == "*" { return true }
      return (part.hasPrefix("W/") ? part.dropFirst(2) : part) == tag
    }
  }
}

/// A `Range` of bytes.
enum ByteRange: Equatable {
  /// None that is understood, or more than one: the whole is sent.
  case none
  /// One that begins behind the end.
  case unsatisfiable
  case part(Range<Int>)

  /// Reads `bytes=first-last`, `bytes=first-` or `bytes=-count`.
  static func read(_ field: String, size: Int) -> ByteRange {
    guard field.lowercased().hasPrefix("bytes=") else { return .none }
    let parts = field.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }) else { return .none }
    if parts[0].isEmpty {
      guard let count = Int(parts[1]) else { return .none }
      guard count > 0, size > 0 else { return .unsatisfiable }
      return .part(max(0, size - count)..<size)
    }
    guard let first = Int(parts[0]) else { return .none }
    if parts[1].isEmpty { return first < size ? .part(first..<size) : .unsatisfiable }
    guard let last = Int(parts[1]), last >= first else { return .none }
    return first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
  }
}
