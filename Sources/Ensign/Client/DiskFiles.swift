internal import Glibc

/// Files below a folder of the file system.
///
/// Symbolic links are followed on the way to a file, and refused in its place.
package struct DiskFiles: DurableFiles {
  /// The folder, absolute or relative to the working directory; it need not exist yet.
  package let root: String
  /// Called before each step on the file system, for tests: what it throws is the step's failure.
  private let beforeStep: (@Sendable (Step) throws(StorageError) -> Void)?

  /// The files below `root`.
  package init(root: String) {
    self.root = root
    beforeStep = nil
  }

  /// The files below `root`, for a test that watches, or fails, single steps.
  package init(root: String, beforeStep: @escaping @Sendable (Step) throws(StorageError) -> Void) {
    self.root = root
    self.beforeStep = beforeStep
  }

  /// One step on the file system.
  package struct Step: Hashable, Sendable {
    /// What the step does.
    package var kind: Kind
    /// The file's or folder's path, relative to the root; that of the final file when it is done to a temporary one.
    package var path: String

    /// What a step does.
    package enum Kind: Hashable, Sendable, CaseIterable {
      case read, list, lock
      case makeFolder, openTemporary, write, synchronize, rename, link, removeTemporary, remove, synchronizeFolder

      /// Whether the step may change what is on the disk.
      package var isChange: Bool { self != .read && self != .list }
    }
  }

  /// How the name of a temporary file begins.
  private static let temporaryPrefix = ".ensign-"

  // MARK: - Reading

  package func read(_ path: String, limit: Int) throws(StorageError) -> [UInt8]? {
    let absolute = try absolute(path)
    try step(.read, path)
    // Not blocking, so that a pipe in the file's place does not stop the process: it is refused below.
    let descriptor = open(absolute, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw StorageError("read", path, errno: errno)
    }
    defer { close(descriptor) }
    return try Self.read(descriptor, path, limit: limit)
  }

  /// Reads a regular file to its end.
  static func read(_ descriptor: Int32, _ path: String, limit: Int) throws(StorageError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw StorageError("read", path, errno: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw StorageError(.notAFile, "read", path, reason: "it is no regular file")
    }
    let tooLarge = StorageError(.tooLarge, "read", path, reason: "it has more than \(limit) bytes")
    guard status.st_size <= limit else { throw tooLarge }
    // One byte more than the file has, to see its end in the same call.
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
    var count = 0
    while true {
      if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: max(4096, count))) }
      let size = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count)
      }
      if size == 0 { break }
      if size > 0 { count += size } else if errno != EINTR { throw StorageError("read", path, errno: errno) }
      // The file may grow while it is read.
      guard count <= limit else { throw tooLarge }
    }
    bytes.removeSubrange(count...)
    return bytes
  }

  package func list(_ folder: String) throws(StorageError) -> [String] {
    try entries(of: folder).filter { !$0.hasPrefix(Self.temporaryPrefix) }
  }

  private func entries(of folder: String) throws(StorageError) -> [String] {
    let absolute = try absolute(folder)
    try step(.list, folder)
    guard let stream = opendir(absolute) else {
      if errno == ENOENT { return [] }
      throw StorageError("list", folder, errno: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw StorageError("list", folder, errno: errno) }
        return names.sorted()
      }
      // The name is a tuple of bytes in Swift: read it in place, up to its NUL.
      let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
      let name = String(cString: start.assumingMemoryBound(to: CChar.self))
      if name != ".", name != ".." { names.append(name) }
    }
  }

  // MARK: - Writing

  package func replace(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError) {
    _ = try write(path, bytes, mode) { (temporary, absolute) throws(StorageError) in
      try step(.rename, path)
      guard rename(temporary, absolute) == 0 else { throw StorageError("write", path, errno: errno) }
      return true
    }
  }

  package func create(_ path: String, with bytes: [UInt8], mode: UInt32) throws(StorageError) -> Bool {
    try write(path, bytes, mode) { (temporary, absolute) throws(StorageError) in
      try step(.link, path)
      let status = link(temporary, absolute)
      let failure = errno
      try removeTemporary(temporary, path)
      guard status == 0 || failure == EEXIST else { throw StorageError("create", path, errno: failure) }
      return status == 0
    }
  }

  /// Writes a temporary file beside `path`, makes it durable, and has `publish` give it its name; whether that did.
  private func write(
    _ path: String, _ bytes: [UInt8], _ mode: UInt32,
    publish: (_ temporary: String, _ absolute: String) throws(StorageError) -> Bool
  ) throws(StorageError) -> Bool {
    let absolute = try absolute(path)
    try makeFolder(of: path, mode)
    let temporary = FilePath.join(FilePath.parent(of: absolute) ?? ".", Self.temporaryPrefix + Self.randomName())
    try step(.openTemporary, path)
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { throw StorageError("write", path, errno: errno) }
    let isPublished: Bool
    do throws(StorageError) {
      defer { close(descriptor) }
      try fill(descriptor, path, bytes)
      isPublished = try publish(temporary, absolute)
    } catch {
      try? removeTemporary(temporary, path)
      throw error
    }
    if isPublished { try synchronizeFolder(of: path) }
    return isPublished
  }

  private func fill(_ descriptor: Int32, _ path: String, _ bytes: [UInt8]) throws(StorageError) {
    try step(.write, path)
    var start = 0
    while start < bytes.count {
      let size = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start) }
      if size >= 0 { start += size } else if errno != EINTR { throw StorageError("write", path, errno: errno) }
    }
    try step(.synchronize, path)
    guard fsync(descriptor) == 0 else { throw StorageError("write", path, errno: errno) }
  }

  private func removeTemporary(_ temporary: String, _ path: String) throws(StorageError) {
    try step(.removeTemporary, path)
    unlink(temporary)
  }

  package func remove(_ path: String) throws(StorageError) {
    let absolute = try absolute(path)
    try step(.remove, path)
    guard unlink(absolute) == 0 else {
      if errno == ENOENT { return }
      throw StorageError("remove", path, errno: errno)
    }
    try synchronizeFolder(of: path)
  }

  package func removeLeftovers(in folder: String) throws(StorageError) {
    for name in try entries(of: folder) where name.hasPrefix(Self.temporaryPrefix) {
      try remove(folder.isEmpty ? name : FilePath.join(folder, name))
    }
  }

  package func lock(_ path: String) throws(StorageError) -> FileLock? {
    let absolute = try absolute(path)
    try makeFolder(of: path, 0o600)
    try step(.lock, path)
    let descriptor = open(absolute, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { throw StorageError("lock", path, errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let failure = errno
      close(descriptor)
      if failure == EWOULDBLOCK { return nil }
      throw StorageError("lock", path, errno: failure)
    }
    return FileLock(descriptor: descriptor)
  }

  // MARK: - Folders

  /// Makes the folders above a file that are missing, each readable by whom the file is.
  private func makeFolder(of path: String, _ mode: UInt32) throws(StorageError) {
    let folder = FilePath.parent(of: path) ?? ""
    let absolute = folder.isEmpty ? root : FilePath.join(root, folder)
    var missing: [String] = []
    var candidate: String? = absolute
    var status = stat()
    while let folder = candidate, stat(folder, &status) != 0, errno == ENOENT {
      missing.append(folder)
      candidate = FilePath.parent(of: folder)
    }
    // Who may read or write a file has to get to it.
    let folderMode = mode | (mode & 0o444) >> 2
    for folder in missing.reversed() {
      try step(.makeFolder, path)
      guard mkdir(folder, folderMode | 0o700) == 0 || errno == EEXIST else {
        throw StorageError("write", path, errno: errno)
      }
      try synchronize(FilePath.parent(of: folder) ?? ".", path)
    }
  }

  private func synchronizeFolder(of path: String) throws(StorageError) {
    try synchronize(FilePath.parent(of: FilePath.join(root, path)) ?? ".", path)
  }

  /// Makes the names in a folder durable.
  private func synchronize(_ folder: String, _ path: String) throws(StorageError) {
    try step(.synchronizeFolder, path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // One may write into a folder without the right to read it; its names are then as durable as the system makes them.
    guard descriptor >= 0 else {
      if errno == EACCES { return }
      throw StorageError("write", path, errno: errno)
    }
    defer { close(descriptor) }
    // Some file systems cannot do it, and say so: EINVAL.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw StorageError("write", path, errno: errno) }
  }

  // MARK: - Paths

  private func step(_ kind: Step.Kind, _ path: String) throws(StorageError) {
    try beforeStep?(Step(kind: kind, path: path))
  }

  /// The path for the system; refuses one that leads out of the root.
  private func absolute(_ path: String) throws(StorageError) -> String {
    guard FilePath.isInside(path) else {
      throw StorageError(.invalidPath, "use", path, reason: "it leads out of the folder \(root)")
    }
    return path.isEmpty ? root : FilePath.join(root, path)
  }

  private static func randomName() -> String {
    String(UInt64.random(in: .min ... .max), radix: 36)
  }
}
