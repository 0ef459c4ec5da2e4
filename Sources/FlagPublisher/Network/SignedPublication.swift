internal import Ensign

/// A signed manifest with the snapshot that it names, on the way into a store.
package struct SignedPublication: Hashable, Sendable {
  /// The manifest's envelope, as it is published.
  package var envelope: [UInt8]
  /// The snapshot's bytes; nil when the store has them: the manifest renews one that is there.
  package var snapshot: [UInt8]?

  /// A manifest with its snapshot.
  package init(envelope: [UInt8], snapshot: [UInt8]?) {
    self.envelope = envelope
    self.snapshot = snapshot
  }
}

/// What a publisher sends to a server: lines of JSON, for each environment its signed manifest and then the snapshot.
///
/// Both are canonical JSON, in which there is no line end, so that stock tools can put a message together and take it
/// apart. An empty line in a snapshot's place says that the server has it.
package enum PublicationMessage {
  /// The media type of a message.
  package static let mediaType = "application/jsonl"
  /// The most environments in one message.
  package static let maximumCount = 1000

  /// The message of publications.
  package static func write(_ publications: [SignedPublication]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(publications.reduce(0) { $0 + $1.envelope.count + ($1.snapshot?.count ?? 0) + 2 })
    for publication in publications {
      bytes += publication.envelope.last == lineEnd ? publication.envelope.dropLast() : publication.envelope[...]
      bytes.append(lineEnd)
      bytes += publication.snapshot ?? []
      bytes.append(lineEnd)
    }
    return bytes
  }

  /// The publications of a message, none of them verified.
  ///
  /// - Throws: with the code `invalidRequest`, with the line, when it is none.
  package static func read(_ bytes: [UInt8]) throws(PublishingError) -> [SignedPublication] {
    var lines = bytes.split(separator: lineEnd, maxSplits: 2 * maximumCount, omittingEmptySubsequences: false)
    // Behind the end of the last line.
    if lines.last?.isEmpty == true { lines.removeLast() }
    guard !lines.isEmpty, lines.count.isMultiple(of: 2), lines.count <= 2 * maximumCount else {
      throw PublishingError(
        .invalidRequest, "a publication has two lines for each environment, at most \(maximumCount) of them",
        help: "the manifest's envelope, then the snapshot, or an empty line when the server has it")
    }
    var publications: [SignedPublication] = []
    for index in stride(from: 0, to: lines.count, by: 2) {
      let (envelope, snapshot) = (lines[index], lines[index + 1])
      guard !envelope.isEmpty, envelope.count <= Envelope.maximumSize else {
        throw PublishingError(.invalidRequest, "line \(index + 1) is no manifest: it has \(envelope.count) bytes")
      }
      publications.append(
        SignedPublication(envelope: Array(envelope), snapshot: snapshot.isEmpty ? nil : Array(snapshot)))
    }
    return publications
  }

  private static let lineEnd = UInt8(ascii: "\n")
}
