internal import Ensign
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
    FilePath.isAbsolute(path) ? path : FileSystem.join(workingFolder, path)
  }

  /// `path`, made absolute, with links, `.` and `..` resolved as far as it exists.
  func canonical(_ path: String) -> String {
    var missing: [Substring] = []
    var folder = absolute(path)
    while true {
      let real = TreeLocation.canonical(folder)
      if FileSystem.kind(of: folder) != nil || folder == "/" {
        return missing.reversed().reduce(real) { FileSystem.join($0, String($1)) }
      }
      let components = folder.split(separator: "/")
      if let last = components.last, last != "." { missing.append(last) }
      folder = "/" + components.dropLast().joined(separator: "/")
    }
  }

  /// An absolute path as this console's user would write it: relative, when it lies below the working folder.
  func shown(_ path: String) -> String {
    let working = TreeLocation.canonical(workingFolder)
    return path.hasPrefix(working + "/") ? String(path.dropFirst(working.count + 1)) : path
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
