internal import Compression
internal import Ensign

extension PublishedStore {
  /// Writes a snapshot under its digest, and its compressed variants beside it.
  ///
  /// What is there already and right is left alone.
  func write(snapshot bytes: [UInt8], sha256: String) throws(PublishingError) {
    let path = StorePath.blob(sha256: sha256)
    try write(bytes, to: path, isRight: { $0 == bytes })
    for variant in SnapshotVariant.allCases {
      let path = path + variant.suffix
      if let there = try? read(path, limit: bytes.count + 4096), variant.content(of: there, limit: bytes.count) == bytes
      {
        continue
      }
      let compressed = try variant.compress(bytes)
      try write(compressed, to: path, isRight: { $0 == compressed })
    }
  }

  /// Writes a file whose content its name decides.
  private func write(
    _ bytes: [UInt8], to path: String, isRight: ([UInt8]) -> Bool
  ) throws(PublishingError) {
    let isNew = try storage { () throws(StorageError) in try files.create(path, with: bytes, mode: Self.mode) }
    if isNew { return }
    if let there = try? read(path, limit: bytes.count), isRight(there) { return }
    // Somebody damaged it: whoever reads it refuses it, so nothing is lost by replacing it.
    try storage { () throws(StorageError) in try files.replace(path, with: bytes, mode: Self.mode) }
  }
}

/// A compressed form of a snapshot, for servers that hand out files by `Content-Encoding`.
enum SnapshotVariant: CaseIterable {
  case gzip
  case zstandard

  /// What the file's name ends in.
  var suffix: String {
    switch self {
    case .gzip: ".gz"
    case .zstandard: ".zst"
    }
  }

  /// The compressed bytes.
  func compress(_ bytes: [UInt8]) throws(PublishingError) -> [UInt8] {
    do throws(CompressionError) {
      switch self {
      case .gzip: return try Gzip.compress(bytes)
      case .zstandard: return try Zstandard.compress(bytes)
      }
    } catch {
      throw PublishingError(.tooLarge, "the snapshot cannot be compressed: \(error)")
    }
  }

  /// The content of compressed bytes; nil when they are none, or of more than `limit` bytes.
  func content(of bytes: [UInt8], limit: Int) -> [UInt8]? {
    switch self {
    case .gzip: try? Gzip.decompress(bytes, limit: limit)
    case .zstandard: try? Zstandard.decompress(bytes, limit: limit)
    }
  }
}
