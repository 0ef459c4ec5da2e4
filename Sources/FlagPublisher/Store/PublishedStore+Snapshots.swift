internal import Compression
internal import Ensign

internal import enum FlagSource.Threads

extension PublishedStore {
  /// Writes snapshots, each under its digest, and their compressed variants beside them.
  ///
  /// What is there already and right is left alone. Compressing, and waiting for the disk, go on at the same time, on
  /// all cores.
  ///
  /// - Parameter snapshots: bytes with their own digests.
  /// - Throws: the error of the first snapshot that has one; others may have been written then.
  func write(_ snapshots: [(bytes: [UInt8], sha256: String)]) throws(PublishingError) {
    // What takes longest begins first, so that nothing long is left at the end.
    var parts = [SnapshotVariant?.some(.zstandard), .gzip].flatMap { variant in snapshots.map { ($0, variant) } }
      .sorted { $0.0.bytes.count * ($0.1?.effort ?? 0) > $1.0.bytes.count * ($1.1?.effort ?? 0) }
    // As soon as each processor compresses, the others wait for the disk: the snapshots themselves are the most to write.
    let processors = Threads.count(forParts: parts.count)
    parts.insert(contentsOf: snapshots.map { ($0, nil) }, at: min(processors, parts.count))
    // Twice as many threads as processors: half of them wait for the disk.
    let threads = min(2 * processors, parts.count)
    try Concurrency.run(parts.count, threads: threads) { [parts] part throws(PublishingError) in
      let ((bytes, sha256), variant) = parts[part]
      let path = StorePath.blob(sha256: sha256)
      if let variant {
        try write(bytes, as: variant, to: path + variant.suffix)
      } else {
        try write(bytes, to: path, isRight: { $0 == bytes })
      }
    }
  }

  private func write(_ bytes: [UInt8], as variant: SnapshotVariant, to path: String) throws(PublishingError) {
    if let there = try? read(path, limit: bytes.count + 4096), variant.content(of: there, limit: bytes.count) == bytes {
      return
    }
    let compressed = try variant.compress(bytes)
    try write(compressed, to: path, isRight: { $0 == compressed })
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
enum SnapshotVariant: CaseIterable, Sendable {
  case gzip
  case zstandard

  /// What the file's name ends in.
  var suffix: String {
    switch self {
    case .gzip: ".gz"
    case .zstandard: ".zst"
    }
  }

  /// How long compressing takes, as multiples of gzip's time.
  var effort: Int {
    switch self {
    case .gzip: 1
    case .zstandard: 2
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
