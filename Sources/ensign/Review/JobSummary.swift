internal import Glibc

/// The page that GitHub shows for a job: a file that each step may add Markdown to.
enum JobSummary {
  private static let variable = "GITHUB_STEP_SUMMARY"

  /// Adds to the page; nothing happens outside of a job.
  static func append(_ markdown: [UInt8], in session: Session) throws(CommandError) {
    guard let path = session.console.variable(variable), !path.isEmpty else { return }
    let descriptor = open(session.console.absolute(path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError("write", "\(variable) \(path)", code: errno).asCommandError }
    defer { close(descriptor) }
    if let failure = writeAll((markdown + [0x0A])[...], to: descriptor) {
      throw FileError("write", "\(variable) \(path)", code: failure).asCommandError
    }
  }
}
