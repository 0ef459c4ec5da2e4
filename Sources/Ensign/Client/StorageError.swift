internal import Glibc

/// A file or folder that could not be read, written or locked.
package struct StorageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  package var code: Code
  /// What was tried, as a verb: `read`, `write`, `lock`.
  package var operation: String
  /// The path, as the caller of the file layer knows it: relative to its root.
  package var path: String
  /// The reason, as the system says it.
  package var reason: String

  /// An error in plain words.
  package init(_ code: Code, _ operation: String, _ path: String, reason: String) {
    self.code = code
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  /// The failure of a system call, by the value that it left in `errno`.
  package init(_ operation: String, _ path: String, errno number: Int32) {
    self.init(Code(errno: number), operation, path, reason: String(cString: strerror(number)))
  }

  /// One phrase without a full stop.
  package var description: String { "cannot \(operation) \(path): \(reason)" }

  /// The kinds of failure.
  package enum Code: Hashable, Sendable {
    /// A folder of the path does not exist.
    case missing
    /// Not readable or not writable for this process, or on a file system that is mounted read-only.
    case notPermitted
    /// A server asks for a token, or for another one.
    case unauthorized
    /// The disk, or the quota, is full.
    case full
    /// More bytes than the caller's limit.
    case tooLarge
    /// A folder, a symbolic link, a device: no regular file.
    case notAFile
    /// A path that leaves the root, or holds what no path may hold.
    case invalidPath
    /// Anything else: an I/O error, a name that is too long.
    case failed

    init(errno number: Int32) {
      switch number {
      case ENOENT, ENOTDIR: self = .missing
      case EACCES, EPERM, EROFS: self = .notPermitted
      case ENOSPC, EDQUOT: self = .full
      case ELOOP, EISDIR, ENXIO: self = .notAFile
      default: self = .failed
      }
    }
  }
}
