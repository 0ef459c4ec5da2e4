internal import Glibc

/// A program that runs beside this one until it is stopped.
final class RunningProgram {
  private let process: pid_t
  private let output: Int32
  /// The process whose memory counts, where that is a child of the one that was started.
  var worker: pid_t?

  /// Starts a program, whose messages go to a file.
  init(_ program: String, _ arguments: [String], log: String) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Failure("pipe", errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process = pid_t()
    let status = posix_spawnp(&process, program, &actions, nil, words, environ)
    close(ends[1])
    guard status == 0 else {
      close(ends[0])
      throw Failure("cannot start \(program)", errno: status)
    }
    self.process = process
    output = ends[0]
  }

  deinit { close(output) }

  /// The port in the address that the program prints first.
  func port() throws -> Int {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(output, &byte, 1) == 1, byte != UInt8(ascii: "\n") { line.append(byte) }
    let text = String(decoding: line, as: UTF8.self)
    guard let port = text.split(separator: ":").last.flatMap({ Int($0) }) else { throw Failure("no address: \(text)") }
    return port
  }

  /// Resident memory in bytes.
  var residentBytes: Double {
    let line = Self.lines(of: "/proc/\(worker ?? process)/status").first { $0.hasPrefix("VmRSS:") }
    let words = line?.split { $0 == " " || $0 == "\t" } ?? []
    return words.dropFirst().first.flatMap { Double($0) }.map { $0 * 1024 } ?? 0
  }

  /// The lines of a file of the kernel's, which does not tell its size.
  static func lines(of path: String) -> [Substring] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
  }

  /// Ends the program, and waits for that.
  func stop() {
    kill(process, SIGTERM)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }
}
