internal import Glibc

/// A file that is read piece by piece, or the standard input; closed with its last reference.
final class InputFile {
  let descriptor: Int32
  /// For errors.
  let name: String
  private let isOwned: Bool

  /// - Parameter path: `-` is the console's input.
  init(_ path: String, _ console: Console) throws(FileError) {
    isOwned = path != "-"
    name = isOwned ? path : "standard input"
    descriptor = isOwned ? open(console.absolute(path), O_RDONLY | O_CLOEXEC) : console.input
    guard descriptor >= 0 else { throw FileError("read", name, code: errno) }
  }

  deinit {
    if isOwned { close(descriptor) }
  }
}
