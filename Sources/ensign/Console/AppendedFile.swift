internal import Glibc

/// Appends to a file that several processes may append to.
enum AppendedFile {
  /// Appends what `make` makes of the file's content, while no other process appends.
  ///
  /// A file that is not there is created. When writing fails, the file is left as it was.
  ///
  /// - Parameter limit: a longer file is an error, in bytes.
  static func append(
    to path: String, limit: Int, _ make: ([UInt8]) throws(CommandError) -> [UInt8]
  ) throws(CommandError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileError("write", path, code: errno).asCommandError }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw FileError("lock", path, code: errno).asCommandError }
    }
    let content: [UInt8]
    do throws(FileError) {
      content = try FileSystem.read(descriptor, name: path, limit: limit)
    } catch {
      throw error.asCommandError
    }
    let failure = Interruption.postponed { [addition = try make(content)] in
      writeAll(addition[...], to: descriptor) ?? (fsync(descriptor) == 0 ? nil : errno)
    }
    guard let failure else { return }
    _ = ftruncate(descriptor, off_t(content.count))
    throw FileError("write", path, code: failure).asCommandError
  }
}
