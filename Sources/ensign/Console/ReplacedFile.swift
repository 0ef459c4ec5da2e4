internal import Glibc
internal import Synchronization

/// Writes files so that a reader, a crash or Ctrl-C finds the old content or the new, never a part.
enum ReplacedFile {
  /// Writes `bytes` beside `path`, makes them durable, and puts them in the place of whatever is there.
  ///
  /// A link at `path` is followed: what it points at is replaced.
  static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let target = resolved(path)
    var name = Array((target + ".XXXXXX").utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { throw FileError("write", path, code: errno) }
    let failure = name.withUnsafeMutableBufferPointer { name -> Int32? in
      Interruption.removing(name.baseAddress) {
        defer { close(descriptor) }
        if let failure = writeAll(bytes, to: descriptor) { return failure }
        let mask = umask(0)
        umask(mask)
        guard fchmod(descriptor, 0o666 & ~mask) == 0, fsync(descriptor) == 0 else { return errno }
        guard let temporary = name.baseAddress, rename(temporary, target) == 0 else { return errno }
        return nil
      }
    }
    if let failure {
      unlink(name)
      throw FileError("write", path, code: failure)
    }
    synchronize(FileSystem.parent(of: target) ?? ".")
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

/// Ctrl-C and its relatives while a temporary file exists: the file goes, then the signal does what it always does.
private enum Interruption {
  /// The address of the temporary file's path, for the handler, which may neither allocate nor count references.
  private static let temporary = Atomic<UInt>(0)
  private static let signals = [SIGINT, SIGTERM, SIGHUP]

  /// Runs `body`.
  ///
  /// When one of the signals comes before it returns, `path` is removed and the process ends by the signal.
  static func removing<Result>(_ path: UnsafeMutablePointer<CChar>?, _ body: () -> Result) -> Result {
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
    return body()
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
