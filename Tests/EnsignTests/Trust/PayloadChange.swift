import Testing

@testable import Ensign

/// A change of a payload's text, and how reading it then fails.
struct PayloadChange: CustomTestStringConvertible, Sendable {
  let part: String
  let other: String
  let error: VerificationError

  init(_ part: String, _ other: String, _ message: String, status: ClientStatus = .malformed) {
    self.part = part
    self.other = other
    error = VerificationError(status, message)
  }

  var testDescription: String { other }

  /// The payload with the part, which must be there, changed where it stands first.
  func applied(to payload: [UInt8]) throws -> [UInt8] {
    let text = String(decoding: payload, as: UTF8.self)
    let pieces = text.split(separator: part, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(pieces.count == 2, "\(part) is in \(text)")
    return Array(pieces.joined(separator: other).utf8)
  }
}
