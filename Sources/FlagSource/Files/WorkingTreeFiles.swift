internal import Glibc
internal import Synchronization

/// The files of a flags tree that lies in a folder of the file system.
///
/// Symbolic links are listed and never followed, but for the root itself.
package struct WorkingTreeFiles: FlagFiles {
  /// The folder that holds `ensign.yaml`, absolute or relative to the working directory.
  package let root: String

  /// More entries than these are no flags tree.
  private static let greatestNumberOfEntries = 4_000_000

  /// From so many entries on, the listing alone takes some megabytes, and the files will take hundreds of times that.
  private static let manyEntries = 20_000

  /// The files below `root`.
  package init(root: String) { self.root = root }

  package func list() throws(FileAccessError) -> [FileEntry] {
    let top = try Folder(root: root)
    // Level by level, because the folders of a level can be listed at the same time.
    var levels: [[[FileEntry]]] = []
    var folders: [[UInt8]] = [[]]
    var count = 0
    while !folders.isEmpty {
      let level = try Self.list(folders, in: top, after: count)
      count += level.reduce(0) { $0 + $1.count }
      guard count <= Self.greatestNumberOfEntries else { throw .tooManyFiles(than: Self.greatestNumberOfEntries) }
      folders = level.flatMap { $0.lazy.filter(\.isListed).map(\.path) }
      levels.append(level)
    }
    return Self.inOrder(levels, count: count)
  }

  /// What is in each of the folders, in the order of paths.
  ///
  /// - Parameter count: how many entries are known already.
  private static func list(
    _ folders: [[UInt8]], in top: Folder, after count: Int
  ) throws(FileAccessError) -> [[FileEntry]] {
    // A second thread takes as long to start as it takes to list some folders.
    let isWorthThreads = folders.count >= manyFolders || count >= filesWorthThreads
    let total = Atomic(count)
    let listed = Threads.map(folders.count, threads: isWorthThreads ? nil : 1) { number in
      Result { () throws(FileAccessError) in
        let limit = greatestNumberOfEntries - total.load(ordering: .relaxed)
        let entries = try list(folders[number], in: top, limit: limit)
        total.add(entries.count, ordering: .relaxed)
        return entries
      }
    }
    return try listed.map { entries throws(FileAccessError) in try entries.get() }
  }

  private static let manyFolders = 64
  private static let filesWorthThreads = 2_000

  /// What is in a folder, in the order of paths, without what is in its folders.
  private static func list(_ folder: [UInt8], in top: Folder, limit: Int) throws(FileAccessError) -> [FileEntry] {
    var entries: [FileEntry] = []
    var advice: LargePages.Advice?
    try forEachEntry(of: folder, in: top) { (name, kind) throws(FileAccessError) in
      guard name.first != UInt8(ascii: ".") else { return }
      // Folders have a slash at their end: so their order is that of what is in them.
      let isListed = kind == .folder && !name.suffix(5).elementsEqual(".yaml".utf8)
      var path: [UInt8] = []
      // No more than it takes: there may be a million of them.
      path.reserveCapacity(folder.count + name.count + (isListed ? 1 : 0))
      path += folder
      path += name
      if isListed { path.append(UInt8(ascii: "/")) }
      entries.append(FileEntry(path: path, kind: kind))
      guard entries.count <= limit else { throw .tooManyFiles(than: greatestNumberOfEntries) }
      if entries.count.isMultiple(of: manyEntries) { LargePages.renew(&advice) }
    }
    return FileEntry.sorted(entries)
  }

  /// The entries of all levels in the order of paths, each folder replaced by what is in it.
  private static func inOrder(_ levels: [[[FileEntry]]], count: Int) -> [FileEntry] {
    var entries: [FileEntry] = []
    entries.reserveCapacity(count)
    // The folders of a level are in the order in which those of the level above have them.
    var next = Array(repeating: 0, count: levels.count)
    var open = [(level: 0, rest: levels[0][0][...])]
    while var folder = open.popLast() {
      while let entry = folder.rest.popFirst() {
        guard entry.isListed else {
          entries.append(entry)
          continue
        }
        open.append(folder)
        let level = folder.level + 1
        folder = (level, levels[level][next[level]][...])
        next[level] += 1
      }
    }
    return entries
  }

  package func reader() throws(FileAccessError) -> any FlagFileReader { WorkingTreeReader(try Folder(root: root)) }

  /// - Parameter folder: with a slash at its end; empty for `top` itself.
  private static func forEachEntry(
    of folder: [UInt8], in top: Folder,
    _ body: (_ name: UnsafeBufferPointer<UInt8>, _ kind: FileEntry.Kind) throws(FileAccessError) -> Void
  ) throws(FileAccessError) {
    let path = Array(folder.dropLast())
    let descriptor = try top.openFolder(path.isEmpty ? [UInt8(ascii: ".")] : path[...])
    guard let stream = fdopendir(descriptor) else {
      let error = FileAccessError(errno: errno, path: path)
      close(descriptor)
      throw error
    }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw FileAccessError(errno: errno, path: path) }
        return
      }
      let type = entry.pointee.d_type
      // The name is a tuple of bytes in Swift: read it in place, up to its NUL.
      let start = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 0)
      let name = start.assumingMemoryBound(to: UInt8.self)
      let bytes = UnsafeBufferPointer(start: name, count: strlen(start.assumingMemoryBound(to: CChar.self)))
      try body(bytes, FileEntry.Kind(type: Int32(type)) ?? kind(of: start, in: descriptor))
    }
  }

  /// The kind of an entry on file systems that do not tell it in the listing.
  private static func kind(of name: UnsafeRawPointer, in descriptor: Int32) -> FileEntry.Kind {
    var status = stat()
    let result = fstatat(descriptor, name.assumingMemoryBound(to: CChar.self), &status, AT_SYMLINK_NOFOLLOW)
    guard result == 0 else { return .other }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    case S_IFLNK: return .symbolicLink
    default: return .other
    }
  }
}

extension FileEntry {
  /// Whether it stands for what is in it: then its path ends in a slash.
  fileprivate var isListed: Bool { kind == .folder && path.last == UInt8(ascii: "/") }
}

extension FileEntry.Kind {
  /// The kind by the type in a directory's listing; nil when the file system does not say.
  fileprivate init?(type: Int32) {
    switch type {
    case Int32(DT_REG): self = .file
    case Int32(DT_DIR): self = .folder
    case Int32(DT_LNK): self = .symbolicLink
    case Int32(DT_UNKNOWN): return nil
    default: self = .other
    }
  }
}

/// An open folder, below which files are opened by relative paths.
private final class Folder: Sendable {
  let descriptor: Int32

  init(root: String) throws(FileAccessError) {
    descriptor = Glibc.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileAccessError(errno: errno, path: []) }
  }

  /// The folder at `path`, relative to another one.
  init(_ path: ArraySlice<UInt8>, in outer: Folder) throws(FileAccessError) {
    descriptor = try outer.openFolder(path)
  }

  deinit { close(descriptor) }

  /// Opens the folder at `path`, relative to this one.
  func openFolder(_ path: ArraySlice<UInt8>) throws(FileAccessError) -> Int32 {
    try open(path, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  }

  /// Opens `path`, relative to the folder.
  func open(_ path: ArraySlice<UInt8>, flags: Int32) throws(FileAccessError) -> Int32 {
    let opened = withUnsafeTemporaryAllocation(of: CChar.self, capacity: path.count + 1) { buffer in
      for (index, byte) in path.enumerated() { buffer[index] = CChar(bitPattern: byte) }
      buffer[path.count] = 0
      guard let base = buffer.baseAddress else { return Int32(-1) }
      return openat(descriptor, base, flags)
    }
    guard opened >= 0 else { throw FileAccessError(errno: errno, path: Array(path)) }
    return opened
  }
}

/// Reads regular files below a folder.
private struct WorkingTreeReader: FlagFileReader {
  private let top: Folder
  /// The folder that the last file was in: the next one is in it, too, as a rule, and found in one step there.
  private var latest: (path: ArraySlice<UInt8>, folder: Folder)
  private let piece = Piece()

  /// Where the parts of a file come to.
  private final class Piece {
    /// Not initialised: most files are small, and what none fills is memory never touched.
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)

    deinit { bytes.deallocate() }
  }

  init(_ top: Folder) {
    self.top = top
    latest = ([], top)
  }

  private mutating func open(_ path: [UInt8]) throws(FileAccessError) -> Int32 {
    // Not blocking: a pipe that has taken the file's place since the listing must not hold us up.
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let end = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
    do throws(FileAccessError) {
      if path[..<end] != latest.path {
        latest = (path[..<end], end == 0 ? top : try Folder(path[..<end], in: top))
      }
      return try latest.folder.open(path[(end == 0 ? 0 : end + 1)...], flags: flags)
    } catch {
      throw FileAccessError(error.code, path: path.text, message: error.message)
    }
  }

  mutating func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError) {
    bytes.removeAll(keepingCapacity: true)
    let descriptor = try open(entry.path)
    defer { close(descriptor) }
    while true {
      let count = Glibc.read(descriptor, piece.bytes.baseAddress, piece.bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileAccessError(errno: errno, path: entry.path) }
      guard bytes.count + count <= limit else { throw FileAccessError(path: entry.path, exceeds: limit) }
      bytes.append(contentsOf: piece.bytes[..<count])
      // A file gives less than was asked for at its end only.
      guard count == piece.bytes.count else { return }
    }
  }
}

extension FileAccessError {
  fileprivate static func tooManyFiles(than limit: Int) -> FileAccessError {
    FileAccessError(.tooLarge, path: "", message: "more than \(limit) files")
  }

  /// The system's account of a failed call.
  fileprivate init(errno number: Int32, path: [UInt8]) {
    let code: Code =
      switch number {
      case ENOENT, ENOTDIR: .notFound
      case EACCES, EPERM: .notPermitted
      default: .failed
      }
    self.init(code, path: path.text, message: String(cString: strerror(number)))
  }
}
