internal import Ensign
internal import Git
internal import Glibc

/// What commits changed, as it was found out before, in files of the user's own.
///
/// What a commit changed follows from the commit alone, which its id stands for, and from the program; so it can be
/// remembered for good. Nothing but the time depends on that: what is not there, damaged or another program's is found
/// out anew. Files are written beside the others and put together when there are many; several processes may do that at
/// once.
package final class HistoryCache: Sendable {
  /// Where the files lie: a folder of this cache alone, whose neighbours are other caches.
  package let folder: String
  /// Why the folder is not used; nil when it is.
  package let refusal: String?
  /// What the program's files begin with.
  private let program: String
  private let files: [HistoryCacheFile]

  private static let ending = ".changes"
  private static let endingOfNew = ending + ".new"

  /// The cache in a folder, which need not be there.
  ///
  /// - Parameters:
  ///   - folder: is refused when others may write there.
  ///   - program: letters and digits that another build of the program does not have.
  package init(in folder: String, of program: String) {
    self.folder = folder
    self.program = program
    refusal = Self.refusal(of: folder)
    files =
      refusal != nil
      ? []
      : folderNames(of: folder).filter { Self.isFile($0, of: program) }
        .compactMap { HistoryCacheFile(folder + "/" + $0) }
  }

  /// What a commit changed, nothing among it; nil when that is not known.
  func changes(of commit: ObjectID) -> [SemanticChange]? {
    for file in files {
      if let bytes = file.bytes(of: commit), let changes = ChangeCoding.decode(bytes) { return changes }
    }
    return nil
  }

  // MARK: Writing

  /// Adds a file.
  ///
  /// - Throws: ``HistoryCacheError``.
  func write(_ records: [HistoryCacheFile.Record]) throws(HistoryCacheError) {
    if records.isEmpty { return }
    try Self.makeFolder(folder)
    if let refusal = Self.refusal(of: folder) { throw HistoryCacheError(refusal) }
    var present: [HistoryCacheFile] = []
    for name in folderNames(of: folder) {
      let path = folder + "/" + name
      let isOwn = Self.isFile(name, of: program)
      if isOwn, let file = HistoryCacheFile(path) {
        present.append(file)
      } else if Self.isUseless(path, isOwn: isOwn) {
        unlink(path)
      }
    }
    // With those that are not much larger, so that there are few of them, and each record is copied a few times only.
    var records = records
    var absorbed: [String] = []
    present.sort { $0.count < $1.count }
    while let next = present.first, next.count <= records.count * 5 / 4, next.size <= Self.greatestMerged {
      records += next.records
      absorbed.append(next.path)
      present.removeFirst()
    }
    try create(HistoryCacheFile.bytes(records))
    for path in absorbed { unlink(path) }
    limit(present)
    removeOldNeighbours()
  }

  private static let greatestMerged = 32 << 20
  /// How many bytes all files may have.
  private static let greatestSize = 256 << 20

  private func create(_ bytes: [UInt8]) throws(HistoryCacheError) {
    let name = String(UInt64.random(in: .min ... .max), radix: 36)
    let path = "\(folder)/\(program)-\(name)\(Self.ending)"
    let temporary = "\(folder)/\(program)-\(name)\(Self.endingOfNew)"
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw HistoryCacheError("cannot create", temporary, errno) }
    let isWhole = Self.write(bytes, to: descriptor)
    let reason = errno
    guard close(descriptor) == 0, isWhole, rename(temporary, path) == 0 else {
      let error = HistoryCacheError("cannot write", path, isWhole ? errno : reason)
      unlink(temporary)
      throw error
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
      var rest = unsafe bytes[...]
      while unsafe !rest.isEmpty {
        let part = unsafe UnsafeRawBufferPointer(rebasing: rest)
        let count = unsafe Glibc.write(descriptor, part.baseAddress, part.count)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return false }
        unsafe rest = rest.dropFirst(count)
      }
      return true
    }
  }

  /// Removes the largest files until what is left is small enough.
  private func limit(_ files: [HistoryCacheFile]) {
    var files = files
    var size = files.reduce(0) { $0 + $1.size }
    while size > Self.greatestSize, let last = files.popLast() {
      unlink(last.path)
      size -= last.size
    }
  }

  /// Removes the caches beside this one that nobody has added to for a month.
  private func removeOldNeighbours() {
    guard let parent = FilePath.parent(of: folder) else { return }
    for name in folderNames(of: parent) {
      let path = parent + "/" + name
      guard path != folder, let age = Self.age(of: path, S_IFDIR), age > Self.greatestAge else { continue }
      for file in folderNames(of: path) where file.hasSuffix(Self.ending) || file.hasSuffix(Self.endingOfNew) {
        unlink(path + "/" + file)
      }
      rmdir(path)
    }
  }

  /// In seconds.
  private static let greatestAge = 30 * 86_400

  /// Whether a file is damaged, was never finished, or is of a program that nobody has used for a month.
  private static func isUseless(_ path: String, isOwn: Bool) -> Bool {
    guard let age = age(of: path, S_IFREG) else { return false }
    if path.hasSuffix(endingOfNew) { return age > 3600 }
    return path.hasSuffix(ending) && (isOwn || age > greatestAge)
  }

  /// How many seconds ago something was changed; nil when it is nothing of that type.
  private static func age(of path: String, _ type: mode_t) -> Int? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == type else { return nil }
    return time(nil) - Int(status.st_mtim.tv_sec)
  }

  // MARK: Folders

  /// Why a folder is not to be used: only this user may write there.
  private static func refusal(of folder: String) -> String? {
    var status = stat()
    guard unsafe lstat(folder, &status) == 0 else {
      return errno == ENOENT ? nil : "cannot look at \(folder): \(unsafe String(cString: strerror(errno)))"
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return "\(folder) is no folder" }
    guard status.st_uid == geteuid() else { return "\(folder) belongs to another user" }
    return status.st_mode & 0o022 == 0 ? nil : "others may write to \(folder)"
  }

  private static func makeFolder(_ path: String) throws(HistoryCacheError) {
    if unsafe access(path, F_OK) == 0 { return }
    if let parent = FilePath.parent(of: path) { try makeFolder(parent) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw HistoryCacheError("cannot create", path, errno) }
  }

  private static func isFile(_ name: String, of program: String) -> Bool {
    name.hasPrefix(program + "-") && name.hasSuffix(ending)
  }
}

/// Why what was found out could not be kept.
package struct HistoryCacheError: Error, Hashable {
  /// What happened.
  package var message: String

  init(_ message: String) { self.message = message }

  fileprivate init(_ operation: String, _ path: String, _ reason: Int32) {
    message = "\(operation) \(path): \(unsafe String(cString: strerror(reason)))"
  }
}
