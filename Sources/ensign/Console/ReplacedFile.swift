internal import Glibc
internal import Synchronization

/// Writes files so that a reader, a crash or Ctrl-C finds the old content or the new, never a part.
enum ReplacedFile {
  /// Writes `bytes` beside `path`, makes them durable, and puts them in the place of whatever is there.
  ///
  /// A link at `path` is followed: what it points at is replaced. A file keeps its permissions. What is no file, such as
  /// `/dev/null`, `/dev/stdout` or a pipe, is written into and stays what it is.
  static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    if isStream(path) { return try writeInto(path, bytes) }
    let file = try PreparedFile(for: path)
    try Interruption.removing(file.temporary) { () throws(FileError) in
      try file.fill(bytes)
      try file.replace()
    }
  }
}

extension ReplacedFile {
  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFCHR || status.st_mode & S_IFMT == S_IFIFO
  }

  private static func writeInto(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw FileError("write", path, code: errno) }
    defer { close(descriptor) }
    if let failure = writeAll(bytes, to: descriptor) { throw FileError("write", path, code: failure) }
  }
}

/// A new file beside another one, whose place it can take in one step.
///
/// Unless it does, it goes with the object.
final class PreparedFile {
  private let path: String
  private let target: String
  private let descriptor: Int32
  /// The path of the new file, which stays where it is in memory.
  let temporary: UnsafeMutablePointer<CChar>
  private var isWaiting = true

  /// An empty file beside `path`, of which a link is followed.
  init(for path: String) throws(FileError) {
    self.path = path
    target = Self.resolved(path)
    let name = Array((target + ".XXXXXX").utf8CString)
    temporary = .allocate(capacity: name.count)
    temporary.initialize(from: name, count: name.count)
    descriptor = mkstemp(temporary)
    guard descriptor >= 0 else {
      isWaiting = false
      throw FileError("write", path, code: errno)
    }
  }

  deinit {
    if isWaiting { unlink(temporary) }
    if descriptor >= 0 { close(descriptor) }
    temporary.deallocate()
  }

  /// Writes the content durably, with the permissions of the file whose place it will take.
  func fill(_ bytes: [UInt8]) throws(FileError) {
    if let failure = writeAll(bytes, to: descriptor) { throw FileError("write", path, code: failure) }
    guard fchmod(descriptor, Self.mode(of: target)) == 0, fsync(descriptor) == 0 else {
      throw FileError("write", path, code: errno)
    }
  }

  /// Takes the place of the file.
  func replace() throws(FileError) {
    guard rename(temporary, target) == 0 else { throw FileError("write", path, code: errno) }
    isWaiting = false
    Self.synchronize(FileSystem.parent(of: target) ?? ".")
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
  /// The address of the temporary file's path, for the handler, which may neither allocate nor count references.
  private static let temporary = Atomic<UInt>(0)
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

  /// Runs `body` while a temporary file exists.
  ///
  /// When one of the signals comes before it returns, `path` is removed and the process ends by the signal.
  static func removing<Result, Failure: Error>(
    _ path: UnsafeMutablePointer<CChar>?, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    temporary.store(UInt(bitPattern: path), ordering: .sequentiallyConsistent)
    // A signal that the parent ignores (nohup) stays ignored.
    let caught = signals.filter { number in
      let before = signal(number, handler)
      if isIgnored(before) { signal(number, SIG_IGN) }
      return !isIgnored(before)
    }
    defer {
      temporary.store(0, ordering: .sequentiallyConsistent)
      for number in caught { signal(number, SIG_DFL) }
    }
    return try body()
  }

  private static func isIgnored(_ handler: __sighandler_t?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static let handler: @convention(c) (Int32) -> Void = { number in
    let path = UnsafeMutablePointer<CChar>(bitPattern: temporary.load(ordering: .sequentiallyConsistent))
    if let path { unlink(path) }
    signal(number, SIG_DFL)
    raise(number)
  }
}
