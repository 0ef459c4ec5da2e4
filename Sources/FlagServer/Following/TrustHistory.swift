package import Ensign

/// The trust files before the one that a server begins with.
///
/// Clients that were installed with an older one follow the chain through them.
package enum TrustHistory {
  /// The older trust files of a store that lead to an anchor, with their versions, newest first.
  ///
  /// A version counts when the next one is its successor; at the first that does not, or is missing, they end.
  package static func read(
    before anchor: [UInt8], from store: any StoreReader
  ) throws(VerificationError) -> [(version: Int, envelope: [UInt8])] {
    var files: [(version: Int, envelope: [UInt8])] = []
    var (next, envelope) = (try TrustFile.anchor(anchor), anchor)
    while next.version > 1 {
      let request = StoreRequest(StorePath.trust(version: next.version - 1), limit: Envelope.maximumSize)
      guard case .content(let bytes, _)? = try? store.fetch(request), let older = try? TrustFile.anchor(bytes),
        let successor = try? older.successor(envelope), successor == next
      else { break }
      files.append((older.version, bytes))
      (next, envelope) = (older, bytes)
    }
    return files
  }
}
