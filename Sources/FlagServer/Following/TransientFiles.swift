package import Ensign
internal import Synchronization

/// Files that exist for as long as the process: for a server that is given no folder to keep its state in.
package final class TransientFiles: DurableFiles {
  private let files = Mutex<[String: [UInt8]]>([:])

  /// No files.
  package init() {}

  package func read(_ path: String, limit: Int) throws(StorageError) -> [UInt8]? {
    guard let bytes = files.withLock({ $0[path] }) else { return nil }
    guard bytes.count <= limit else {
      throw StorageError(.tooLarge, "read", path, reason: "it has more than \(limit) bytes")
    }
    return bytes
  }

  package func replace(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError) {
    files.withLock { $0[path] = bytes }
  }

  package func create(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError) -> Bool {
    files.withLock { files in
      guard files[path] == nil else { return false }
      files[path] = bytes
      return true
    }
  }

  package func remove(_ path: String) throws(StorageError) { files.withLock { $0[path] = nil } }

  package func list(_ folder: String) throws(StorageError) -> [String] {
    let prefix = folder.isEmpty ? "" : folder + "/"
    return files.withLock { files in
      files.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        .filter { !$0.contains("/") }.sorted()
    }
  }

  package func removeLeftovers(in folder: String) throws(StorageError) {}

  package func lock(_ path: String) throws(StorageError) -> FileLock? { FileLock() }
}
