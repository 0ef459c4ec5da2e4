/// Files that survive a crash: whoever reads one finds the old content or the new, never a part.
///
/// Paths are relative to a root that the implementation knows, with `/` between components. Each call is one or more
/// steps on the file system, and a process may end between any two of them.
package protocol DurableFiles: Sendable {
  /// The content of a file; nil when there is none.
  ///
  /// - Parameter limit: more bytes than that are ``StorageError/Code/tooLarge``.
  func read(_ path: String, limit: Int) throws(StorageError) -> [UInt8]?

  /// Makes `bytes` the content of a file, whatever there was before, and makes the folders that are missing.
  ///
  /// When it returns, the content survives a loss of power.
  ///
  /// - Parameter mode: the permissions of the file, of which the process's umask takes away its part.
  func replace(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError)

  /// Like ``replace(_:with:mode:)``, unless there is a file already: false then, and nothing has changed.
  ///
  /// Of two processes that create the same file at once, one gets true.
  func create(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError) -> Bool

  /// Removes a file, if there is one.
  func remove(_ path: String) throws(StorageError)

  /// The names in a folder, sorted; none when there is no such folder. Temporary files are left out.
  func list(_ folder: String) throws(StorageError) -> [String]

  /// Removes the temporary files that writers of a folder left behind when they were killed.
  ///
  /// Only while no other process writes into this folder: hold the lock that its writers take.
  func removeLeftovers(in folder: String) throws(StorageError)

  /// Locks a file that exists for nothing else, and makes it and its folders if need be; nil while another holds it.
  ///
  /// The lock ends with the last reference to it, or with the process, however that ends.
  func lock(_ path: String) throws(StorageError) -> FileLock?
}
