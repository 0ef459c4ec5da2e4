internal import Glibc

/// What a program took from its start to its end.
struct ChildRun {
  let seconds: Double
  /// User and system time of all of its threads.
  let processorSeconds: Double
  /// The most memory that was resident at once, in bytes.
  let peakBytes: Int
  let output: [UInt8]
}

/// A program that is run as a child, with no shell in between.
struct ChildProcess {
  /// A path, or a name to be looked up in PATH.
  let program: String
  let arguments: [String]

  init(_ program: String, _ arguments: [String]) {
    self.program = program
    self.arguments = arguments
  }

  /// Runs the program to its end with an empty standard input; its standard error is this program's.
  ///
  /// - Parameter keepsOutput: Whether standard output is read; otherwise it goes to /dev/null, so that no pipe is timed.
  /// - Throws: A failure if it cannot be started or ends with another status than 0.
  func run(keepsOutput: Bool = false) throws(Failure) -> ChildRun {
    var pipe: (read: Int32, write: Int32) = (-1, -1)
    if keepsOutput { pipe = try Self.pipe() }
    defer { if pipe.read >= 0 { close(pipe.read) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    if keepsOutput {
      posix_spawn_file_actions_adddup2(&actions, pipe.write, 1)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    }

    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var process = pid_t()
    let start = Clock.now
    let spawned = posix_spawnp(&process, program, &actions, nil, words, environ)
    if keepsOutput { close(pipe.write) }
    guard spawned == 0 else { throw Failure("cannot start \(program)", errno: spawned) }
    let output = keepsOutput ? Self.readAll(pipe.read) : []
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw Failure("wait4", errno: errno) }
    }
    let seconds = Clock.now - start
    guard status == 0 else {
      let end = status & 0x7f == 0 ? "exit status \(status >> 8 & 0xff)" : "signal \(status & 0x7f)"
      throw Failure("\(program) \(arguments.joined(separator: " ")): \(end)")
    }
    return ChildRun(
      seconds: seconds, processorSeconds: Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime),
      peakBytes: usage.ru_maxrss * 1024, output: output)
  }

  private static func pipe() throws(Failure) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else { throw Failure("pipe", errno: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func readAll(_ descriptor: Int32) -> [UInt8] {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return all }
      all += buffer[..<count]
    }
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }
}

/// The clock of all measurements.
enum Clock {
  /// Seconds on a clock that only goes forward.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
