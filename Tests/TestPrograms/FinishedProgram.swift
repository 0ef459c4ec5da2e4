internal import Glibc

/// A program that a test has run to its end.
///
/// For one that is waited for at once, Foundation's `Process` takes up to 50 ms, measured in turns with this;
/// this takes 2.5.
package struct FinishedProgram: Sendable {
  /// Its exit status; of one that a signal ended, 128 and the signal's number, as shells say it.
  package let status: Int32
  package let output: String
  /// What it wrote to its standard error.
  package let messages: String

  /// The program could not be run.
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// Runs a program that is looked up in the `PATH` of its environment.
  ///
  /// No signal is blocked or ignored in it, whatever other tests do with those of this process. Its standard streams are
  /// files: a pipe that nobody empties would stop it.
  ///
  /// - Parameters:
  ///   - words: its name and its arguments.
  ///   - folder: where it works.
  ///   - environment: all the variables that it has.
  package init(
    _ words: [String], in folder: String, environment: [String: String], input: [UInt8] = []
  ) throws {
    let streams = try (0..<3).map { _ in try Self.file() }
    defer { for stream in streams { close(stream) } }
    try Self.write(input, to: streams[0])

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (target, stream) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, stream, Int32(target))
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    // C strings that end with the call.
    let arguments = Self.strings(["env", "-C", folder] + words)
    let variables = Self.strings(environment.map { "\($0)=\($1)" })
    defer { for string in arguments + variables { free(string) } }
    var process = pid_t()
    let failure = posix_spawn(&process, "/usr/bin/env", &actions, &attributes, arguments, variables)
    guard failure == 0 else { throw Failure(description: "\(words): \(String(cString: strerror(failure)))") }
    var ended: Int32 = 0
    while waitpid(process, &ended, 0) < 0 {
      guard errno == EINTR else { throw Failure(description: "waitpid: \(String(cString: strerror(errno)))") }
    }
    status = ended & 0x7F == 0 ? ended >> 8 & 0xFF : 128 + ended & 0x7F
    output = try Self.text(of: streams[1])
    messages = try Self.text(of: streams[2])
  }

  private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] { texts.map { strdup($0) } + [nil] }

  // MARK: Files

  /// An empty file that has no name.
  private static func file() throws -> Int32 {
    var name = Array("/tmp/test-program-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0, unlink(name) == 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
      throw Failure(description: "a temporary file: \(String(cString: strerror(errno)))")
    }
    return descriptor
  }

  private static func write(_ bytes: [UInt8], to file: Int32) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Failure(description: "its input: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
    lseek(file, 0, SEEK_SET)
  }

  private static func text(of file: Int32) throws -> String {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = pread(file, &buffer, buffer.count, off_t(text.count))
      guard count >= 0 else { throw Failure(description: "its output: \(String(cString: strerror(errno)))") }
      if count == 0 { return String(decoding: text, as: UTF8.self) }
      text += buffer[..<count]
    }
  }
}
