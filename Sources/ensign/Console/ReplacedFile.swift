internal import Glibc
internal import Synchronization

/// Writes files so that a reader, a crash or Ctrl-C finds the old content or the new, never a part.
enum ReplacedFile {
  /// Writes `bytes` beside `path`, makes them durable, and puts them in the place of whatever is there.
  ///
  /// A link at `path` is followed: what it points at is replaced. A file keeps its permissions. What is no file, such as
  /// `/dev/null`, `/dev/stdout` or a pipe, is written into and stays what it is.
  static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try write([path]) { files in Result { () throws(FileError) in try files[0].fill(bytes) } }.get()
  }

  /// Writes several files, of which every one is whole before the first takes its place.
  ///
  /// - Parameter fill: fills the files, each once, on any threads; when it fails, everything stays as it was.
  /// - Returns: what `fill` returns.
  static func write<Value, Failure>(
    _ paths: [String], _ fill: ([PreparedFile]) -> Result<Value, Failure>
  ) throws(FileError) -> Result<Value, Failure> {
    try Interruption.removing { () throws(FileError) in
      try paths.map { path throws(FileError) in try PreparedFile(for: path) }
    } while: { files throws(FileError) in
      defer { for file in files { file.discard() } }
      let result = fill(files)
      if case .success = result {
        for file in files { try file.replace() }
      }
      return result
    }
  }
}

/// A new file beside another one, whose place it can take in one step; or what is no file and cannot be replaced, such
/// as a pipe, itself.
///
/// Unless it takes the place, a new file goes with the object.
final class PreparedFile: @unchecked Sendable {
  // Unchecked: only the thread that made it asks whether it is waiting, and one thread fills it.
  private let path: String
  private let target: String
  /// Negative where there is no new file.
  private let descriptor: Int32
  /// The path of the new file, which stays where it is in memory; nil where there is none.
  let temporary: UnsafeMutablePointer<CChar>?
  private var isWaiting: Bool
  /// The content of what is no file.
  private var held: [UInt8] = []

  /// An empty file beside `path`, of which a link is followed.
  init(for path: String) throws(FileError) {
    self.path = path
    guard !Self.isStream(path) else {
      (target, descriptor, temporary, isWaiting) = (path, -1, nil, false)
      return
    }
    target = Self.resolved(path)
    let name = Array((target + ".XXXXXX").utf8CString)
    let place = UnsafeMutablePointer<CChar>.allocate(capacity: name.count)
    place.initialize(from: name, count: name.count)
    descriptor = mkstemp(place)
    (temporary, isWaiting) = (place, descriptor >= 0)
    guard descriptor >= 0 else { throw FileError("write", path, code: errno) }
  }

  deinit {
    discard()
    if descriptor >= 0 { close(descriptor) }
    temporary?.deallocate()
  }

  /// Writes the content durably, with the permissions of the file whose place it will take.
  ///
  /// What is no file gets the content now; opening a pipe waits for its reader.
  func fill(_ bytes: [UInt8]) throws(FileError) {
    try append(bytes[...])
    try finish()
  }

  /// Writes the next part of the content.
  ///
  /// What is no file gets nothing before the end.
  func append(_ bytes: ArraySlice<UInt8>) throws(FileError) {
    if temporary == nil {
      held += bytes
    } else if let failure = writeAll(bytes, to: descriptor) {
      throw FileError("write", path, code: failure)
    }
  }

  /// Makes the content durable, which is whole.
  func finish() throws(FileError) {
    guard temporary != nil else { return try writeInto(held) }
    guard fchmod(descriptor, Self.mode(of: target)) == 0, fsync(descriptor) == 0 else {
      throw FileError("write", path, code: errno)
    }
  }

  private func writeInto(_ bytes: [UInt8]) throws(FileError) {
    let stream = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard stream >= 0 else { throw FileError("write", path, code: errno) }
    defer { close(stream) }
    if let failure = writeAll(bytes[...], to: stream) { throw FileError("write", path, code: failure) }
  }

  /// Removes the new file, unless it has taken the place.
  func discard() {
    if isWaiting, let temporary { unlink(temporary) }
    isWaiting = false
  }

  /// Takes the place of the file.
  func replace() throws(FileError) {
    guard isWaiting, let temporary else { return }
    guard rename(temporary, target) == 0 else { throw FileError("write", path, code: errno) }
    isWaiting = false
    Self.synchronize(FileSystem.parent(of: target) ?? ".")
  }

  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFCHR || status.st_mode & S_IFMT == S_IFIFO
  }

  /// The permissions of a file, or those that a new one gets.
  private static func mode(of path: String) -> mode_t {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return status.st_mode & 0o7777 }
    let mask = umask(0)
    umask(mask)
    return 0o666 & ~mask
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes the renaming durable.
  ///
  /// A file system that cannot is no error: the content is whole either way.
  private static func synchronize(_ folder: String) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Ctrl-C and its relatives while something must not be left half done.
enum Interruption {
  /// The address of the list of the temporary files' paths, with nil at its end, for the handler, which may neither
  /// allocate nor count references.
  private static let temporaries = Atomic<UInt>(0)
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Runs `body`, and puts the signals off until it returns.
  static func postponed<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    var (blocked, before) = (sigset_t(), sigset_t())
    sigemptyset(&blocked)
    for number in signals { sigaddset(&blocked, number) }
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
  }

  /// Makes temporary files, and runs `body` while they exist.
  ///
  /// When one of the signals comes before it returns, the files are removed and the process ends by the signal.
  static func removing<Result, Failure: Error>(
    _ make: () throws(Failure) -> [PreparedFile], while body: ([PreparedFile]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    var caught: [Int32] = []
    // Between a file's first moment and the handler's nothing may come.
    let files = try postponed { () throws(Failure) in
      let files = try make()
      list = Self.list(of: files.compactMap(\.temporary))
      caught = catchSignals(removing: list)
      return files
    }
    defer {
      temporaries.store(0, ordering: .sequentiallyConsistent)
      for number in caught { signal(number, SIG_DFL) }
      list?.deallocate()
    }
    return try body(files)
  }

  /// The addresses of paths, with nil behind them.
  private static func list(
    of paths: [UnsafeMutablePointer<CChar>]
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: paths.count + 1)
    for (index, path) in paths.enumerated() { (list + index).initialize(to: path) }
    (list + paths.count).initialize(to: nil)
    return list
  }

  /// Sets the handler; returns the signals that have it now.
  private static func catchSignals(removing list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> [Int32] {
    temporaries.store(UInt(bitPattern: list), ordering: .sequentiallyConsistent)
    // A signal that the parent ignores (nohup) stays ignored.
    return signals.filter { number in
      let before = signal(number, handler)
      if isIgnored(before) { signal(number, SIG_IGN) }
      return !isIgnored(before)
    }
  }

  private static func isIgnored(_ handler: __sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static let handler: @convention(c) (Int32) -> Void = { number in
    typealias Path = UnsafeMutablePointer<CChar>?
    var next = UnsafeMutablePointer<Path>(bitPattern: temporaries.load(ordering: .sequentiallyConsistent))
    while let list = next, let path = list.pointee {
      unlink(path)
      next = list + 1
    }
    signal(number, SIG_DFL)
    raise(number)
  }
}
