internal import Glibc

/// The few things that benchmarks do with files.
enum FileSystem {
  /// Makes a folder and those above it, where they are missing.
  static func makeFolder(_ path: String) throws(Failure) {
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
      throw Failure("cannot make the folder \(path)", errno: errno)
    }
    try makeFolder(String(path[..<slash]))
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw Failure("cannot make \(path)", errno: errno) }
  }

  /// Writes a new file; an old one of that name is replaced.
  static func write(_ text: String, to path: String) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Failure("cannot write \(path)", errno: errno) }
    var text = text
    let status = text.withUTF8 { bytes -> Int32 in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count < 0 { return errno }
        written += count
      }
      return 0
    }
    close(descriptor)
    guard status == 0 else { throw Failure("cannot write \(path)", errno: status) }
  }

  /// The bytes of a file.
  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure("cannot read \(path)", errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Failure("cannot read \(path)", errno: errno) }
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, initialized in
      while count >= 0 && initialized < buffer.count {
        count = Glibc.read(descriptor, buffer.baseAddress.map { $0 + initialized }, buffer.count - initialized)
        if count <= 0 { break }
        initialized += count
      }
    }
    guard count >= 0 else { throw Failure("cannot read \(path)", errno: errno) }
    return bytes
  }

  /// The paths of the files below a folder whose names end in `suffix`, in the order of their bytes.
  static func files(below folder: String, suffix: String) throws(Failure) -> [String] {
    guard let directory = opendir(folder) else { throw Failure("cannot list \(folder)", errno: errno) }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      if entry.pointee.d_type == UInt8(DT_DIR) {
        found += try files(below: "\(folder)/\(name)", suffix: suffix)
      } else if name.hasSuffix(suffix) {
        found.append("\(folder)/\(name)")
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Whether a file or folder of that name is there.
  static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  /// Calls `body` with a new empty folder, and removes that with all that is in it afterwards.
  static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    try withTemporaryFolder(in: getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp", body)
  }

  /// Does the same with a folder in memory, where there is room for some gigabytes, so that no disk is measured; `TMPDIR`
  /// decides where it is set.
  static func withTemporaryFolderInMemory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let shared = "/dev/shm"
    var status = statvfs()
    let isRoomy = statvfs(shared, &status) == 0 && UInt64(status.f_bavail) * UInt64(status.f_frsize) > 4 << 30
    guard getenv("TMPDIR") == nil, isRoomy, access(shared, W_OK) == 0 else { return try withTemporaryFolder(body) }
    return try withTemporaryFolder(in: shared, body)
  }

  private static func withTemporaryFolder<Result>(
    in folder: String, _ body: (String) throws -> Result
  ) throws -> Result {
    var template = Array("\(folder)/ensign-bench-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure("cannot make a temporary folder", errno: errno) }
    let path = String(cString: made)
    let result = Swift.Result { try body(path) }
    _ = try ChildProcess("rm", ["-r", path]).run()
    return try result.get()
  }
}
