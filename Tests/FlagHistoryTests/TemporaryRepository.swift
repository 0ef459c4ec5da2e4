import Foundation
import TestPrograms

/// A folder that goes away with this object, and the real `git` in it, which reads nobody's configuration.
final class TemporaryRepository {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  let folder: String

  init(bare: Bool = false) throws {
    let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    folder = parent.appending(path: "history-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try git(["init", "--quiet", "--template=", "--initial-branch=main"] + (bare ? ["--bare"] : []))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Runs `git` in the folder and returns what it writes, without the last line end.
  ///
  /// - Parameter input: a file whose bytes are its standard input.
  @discardableResult
  func git(_ arguments: [String], input: String? = nil) throws -> String {
    let variables = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C",
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_ALLOW_PROTOCOL": "file",
      "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com", "GIT_AUTHOR_DATE": "1700000000 +0000",
      "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
      "GIT_COMMITTER_DATE": "1700000000 +0000",
    ]
    let bytes = try input.map { [UInt8](try Data(contentsOf: URL(filePath: $0))) } ?? []
    let run = try FinishedProgram(["git"] + arguments, in: folder, environment: variables, input: bytes)
    guard run.status == 0 else { throw Failure(description: "git \(arguments): \(run.messages)") }
    return run.output.last == "\n" ? String(run.output.dropLast()) : run.output
  }

  /// Writes files below the folder, with the folders they need.
  func write(_ files: [(path: String, text: String)], below prefix: String = "") throws {
    for file in files {
      let url = URL(filePath: folder).appending(path: prefix + file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: url)
    }
  }

  /// Commits everything in the folder and returns the id.
  @discardableResult
  func commit(_ message: String) throws -> String {
    try git(["add", "--all"])
    try git(["commit", "--quiet", "--allow-empty", "--message", message])
    return try git(["rev-parse", "HEAD"])
  }
}

extension TemporaryRepository {
  /// Five commits, each of which gives the flag `a` another owner.
  static func ofFiveChanges() throws -> TemporaryRepository {
    let repository = try TemporaryRepository()
    for number in 0..<5 {
      try repository.write(
        [
          ("ensign.yaml", "format: 1\nproject: shop\nenvironments: [production]\n"),
          ("definitions/a.yaml", "type: boolean\nvariants: {on: true, off: false}\noff: off\nowner: team-\(number)\n"),
        ], below: "flags/")
      try repository.commit("commit \(number)")
    }
    return repository
  }
}
