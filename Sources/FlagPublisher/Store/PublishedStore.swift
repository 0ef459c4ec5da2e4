package import Ensign

/// A store in a folder: trust files, manifests and snapshots, as a web server hands them out.
package struct PublishedStore: Sendable {
  /// The files below the store's folder.
  package let files: any DurableFiles
  /// The folder as it is called in messages.
  package let name: String

  /// The permissions of what is published: anybody may read it.
  static let mode: UInt32 = 0o644

  /// The store in files.
  package init(files: any DurableFiles, name: String) {
    self.files = files
    self.name = name
  }

  /// Calls `body` while no other process writes into the store.
  ///
  /// - Throws: with the code `locked` when one does.
  package func whileLocked<Result>(
    _ body: () throws(PublishingError) -> Result
  ) throws(PublishingError) -> Result {
    let lock = try storage { () throws(StorageError) in try files.lock("publish.lock") }
    guard let lock else {
      throw PublishingError(
        .locked, "another process writes into the store \(name)", help: "try again when it has ended")
    }
    defer { withExtendedLifetime(lock) {} }
    return try body()
  }

  /// Removes the temporary files of a publisher that was killed.
  ///
  /// Only while the store is locked.
  func removeLeftovers(of environments: [String]) throws(PublishingError) {
    var folders = ["blobs/sha256"]
    for environment in environments {
      folders += ["environments/\(environment)", "environments/\(environment)/manifests"]
    }
    for folder in folders { try storage { () throws(StorageError) in try files.removeLeftovers(in: folder) } }
  }

  /// The bytes of a file, at most an envelope's; nil when there is none.
  func envelope(at path: String) throws(PublishingError) -> [UInt8]? {
    try read(path, limit: Envelope.maximumSize)
  }

  /// The bytes of a file; nil when there is none.
  func read(_ path: String, limit: Int) throws(PublishingError) -> [UInt8]? {
    try storage { () throws(StorageError) in try files.read(path, limit: limit) }
  }

  /// Runs a call of the file layer, and names the store in its error.
  func storage<Result>(_ body: () throws(StorageError) -> Result) throws(PublishingError) -> Result {
    do throws(StorageError) {
      return try body()
    } catch {
      throw PublishingError(error, below: name)
    }
  }

  /// The environments that something was published for, sorted.
  package func environments() throws(PublishingError) -> [String] {
    try storage { () throws(StorageError) in try files.list("environments") }
  }
}
