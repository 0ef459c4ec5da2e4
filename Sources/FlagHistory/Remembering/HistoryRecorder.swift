internal import Git

/// What a log has found out and is not in the cache.
struct HistoryRecorder {
  private let cache: HistoryCache
  private var records: [HistoryCacheFile.Record] = []
  private var size = 0

  init(_ cache: HistoryCache) { self.cache = cache }

  /// Adds what a commit changed.
  ///
  /// - Returns: Whether there is so much that it is to be written.
  mutating func add(_ commit: ObjectID, _ changes: [SemanticChange]) -> Bool {
    let record = HistoryCacheFile.Record(commit: commit, bytes: ChangeCoding.encode(changes))
    records.append(record)
    size += record.bytes.count
    return size > Self.usualSize
  }

  private static let usualSize = 4 << 20

  /// Writes what was added.
  mutating func write() throws(HistoryCacheError) {
    defer { (records, size) = ([], 0) }
    try cache.write(records)
  }
}
