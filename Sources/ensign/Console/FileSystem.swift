internal import Ensign
internal import Glibc

/// A system call on a file that failed.
struct FileError: Error, Hashable, Sendable {
  /// What was tried: `read`, `write`, `create`.
  let operation: String
  /// As the user wrote it.
  let path: String
  let reason: String

  init(_ operation: String, _ path: String, code: Int32) {
    self.init(operation, path, reason: String(cString: strerror(code)))
  }

  init(_ operation: String, _ path: String, reason: String) {
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  /// The error as the end of a command.
  var asCommandError: CommandError { .environment("cannot \(operation) \(path): \(reason)") }
}

/// The few things that commands do with files.
enum FileSystem {
  /// What stands at a path, links followed.
  enum Kind: Hashable, Sendable {
    case file
    case folder
    case other
  }

  /// Nil when there is nothing, or nothing that may be looked at.
  static func kind(of path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Reads a whole file, or what a pipe gives until its end.
  ///
  /// - Parameter limit: more bytes than that are an error.
  static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("read", path, code: errno) }
    defer { close(descriptor) }
    return try read(descriptor, name: path, limit: limit)
  }

  /// Reads to the end of a descriptor.
  static func read(_ descriptor: Int32, name: String, limit: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    var reader = ChunkReader(descriptor: descriptor, name: name)
    while let chunk = try reader.next() {
      bytes.append(contentsOf: chunk)
      if bytes.count > limit {
        throw FileError("read", name, reason: "it has more than \(limit) bytes")
      }
    }
    return bytes
  }

  /// Makes a folder and those above it that are missing.
  static func makeFolder(_ path: String) throws(FileError) {
    if kind(of: path) == .folder { return }
    if let parent = parent(of: path) { try makeFolder(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError("create", path, code: errno) }
  }

  /// Writes a new file, with the folders that it needs.
  static func create(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    if let parent = parent(of: path) { try makeFolder(parent) }
    try ReplacedFile.write(bytes, to: path)
  }

  /// Removes a file.
  static func remove(_ path: String) throws(FileError) {
    guard unlink(path) == 0 else { throw FileError("remove", path, code: errno) }
  }

  /// The folder that a path stands in; nil for a path of one component.
  static func parent(of path: String) -> String? { FilePath.parent(of: path) }

  /// `folder/name`.
  static func join(_ folder: String, _ name: String) -> String { FilePath.join(folder, name) }
}

/// Reads a descriptor in pieces, so that the size of the input does not matter.
struct ChunkReader {
  let descriptor: Int32
  /// For errors.
  let name: String
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// The next bytes; nil at the end.
  mutating func next() throws(FileError) -> ArraySlice<UInt8>? {
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { return buffer[..<count] }
      if count == 0 { return nil }
      if errno != EINTR { throw FileError("read", name, code: errno) }
    }
  }
}
