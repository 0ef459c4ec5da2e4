/// Values by paths, found without copying the path.
package struct PathTable<Value: Sendable>: Sendable {
  private var entries: [Int: [(path: [UInt8], value: Value)]] = [:]

  /// An empty table.
  package init() {}

  /// Sets the value of a path.
  package mutating func set(_ value: Value, at path: String) {
    let bytes = Array(path.utf8)
    let hash = unsafe bytes.withUnsafeBytes { unsafe Self.hash(of: $0) }
    entries[hash, default: []].removeAll { $0.path == bytes }
    entries[hash, default: []].append((bytes, value))
  }

  /// The value of a path; nil when it has none.
  func value(at path: UnsafeRawBufferPointer) -> Value? {
    guard let candidates = unsafe entries[Self.hash(of: path)] else { return nil }
    for candidate in candidates where unsafe SameBytes.are(candidate.path, path) { return candidate.value }
    return nil
  }

  private static func hash(of path: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    unsafe hasher.combine(bytes: path)
    return hasher.finalize()
  }
}
