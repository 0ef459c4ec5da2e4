internal import Glibc

/// The world around a command: where results, messages and input go and come from.
///
/// Tests make their own.
struct Console {
  /// Results.
  let output: Output
  /// Everything else: errors, summaries, progress.
  let messages: Output
  /// The descriptor that `-` reads.
  let input: Int32
  /// Where relative paths start.
  ///
  /// Absolute.
  let workingFolder: String
  /// An environment variable.
  let variable: (String) -> String?

  /// The console of this process.
  static func ofProcess() -> Console {
    Console(
      output: Output(descriptor: STDOUT_FILENO), messages: Output(descriptor: STDERR_FILENO), input: STDIN_FILENO,
      workingFolder: currentFolder()
    ) { name in getenv(name).map { String(cString: $0) } }
  }

  /// `path`, made absolute.
  func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : workingFolder == "/" ? "/" + path : workingFolder + "/" + path
  }

  /// Writes a line of messages at once.
  func message(_ text: String) {
    messages.line(text)
    messages.flush()
  }
}

/// The working directory, or `.` when the system cannot name it (it was removed): paths then stay relative.
private func currentFolder() -> String {
  guard let buffer = getcwd(nil, 0) else { return "." }
  defer { free(buffer) }
  return String(cString: buffer)
}
