import Foundation
import TestPrograms

/// A folder that goes away with this object, and the real `git` in it, which reads nobody's configuration.
final class TemporaryRepository {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let folder: String

  /// Makes an empty folder, and a repository in it unless told otherwise.
  init(initialised: Bool = true) throws {
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    folder = parent.appending(path: "git-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    if initialised { try git("init", "--quiet", "--initial-branch=main") }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Runs `git` in the folder and returns what it writes, without the last line feed.
  @discardableResult
  func git(_ arguments: String..., input: String? = nil, at seconds: Int = 1_700_000_000) throws -> String {
    let variables = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_AUTHOR_NAME": "Ada Löve", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_AUTHOR_DATE": "\(seconds) +0530",
      "GIT_COMMITTER_NAME": "Bob", "GIT_COMMITTER_EMAIL": "bob@example.com",
      "GIT_COMMITTER_DATE": "\(seconds + 60) -0800",
    ]
    let run = try FinishedProgram(
      ["git"] + arguments, in: folder, environment: variables, input: Array((input ?? "").utf8))
    guard run.status == 0 else { throw Failure(description: "git \(arguments): \(run.messages)") }
    return String(run.output.trimmingSuffix { $0.isNewline })
  }

  /// Writes a file below the folder, with the folders it needs.
  func write(_ path: String, _ content: String) throws {
    let url = URL(filePath: folder).appending(path: path)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(content.utf8).write(to: url)
  }

  /// Commits everything in the folder and returns the id.
  @discardableResult
  func commit(_ message: String, at seconds: Int = 1_700_000_000) throws -> String {
    try git("add", "--all")
    try git("commit", "--quiet", "--allow-empty", "--file=-", input: message, at: seconds)
    return try git("rev-parse", "HEAD")
  }
}

extension StringProtocol {
  fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> SubSequence {
    var result = self[...]
    while let last = result.last, predicate(last) { result.removeLast() }
    return result
  }
}
