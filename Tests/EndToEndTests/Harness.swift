import Foundation
import TestPrograms
import Testing

@testable import ensign

/// What a command line did.
struct Outcome: CustomStringConvertible {
  let status: Int32
  let output: String
  let messages: String

  var description: String { "status \(status)\n--- output\n\(output)--- messages\n\(messages)" }
}

/// The repository that these tests stand in.
let repositoryFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path(percentEncoded: false)

/// Runs a command line in this process.
func ensign(
  _ words: String..., in folder: String = repositoryFolder, variables: [String: String] = [:]
) -> Outcome {
  run(words, in: folder, variables: variables)
}

/// Runs a command line in this process.
func run(_ words: [String], in folder: String = repositoryFolder, variables: [String: String] = [:]) -> Outcome {
  let working = folder.hasSuffix("/") && folder != "/" ? String(folder.dropLast()) : folder
  let console = Console(output: Output(), messages: Output(), input: -1, workingFolder: working) { variables[$0] }
  let status = Program.run(words, console: console)
  return Outcome(
    status: status.rawValue, output: String(decoding: console.output.buffer, as: UTF8.self),
    messages: String(decoding: console.messages.buffer, as: UTF8.self))
}

/// The built executable, which lies beside the test bundle.
let executable = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "ensign")
  .path(percentEncoded: false)

extension Process {
  /// Starts the process with no signal blocked: it inherits what the thread blocks, and those that run tests block all.
  func start() throws {
    var (all, before) = (sigset_t(), sigset_t())
    sigfillset(&all)
    pthread_sigmask(SIG_UNBLOCK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try run()
  }
}

/// Runs a shell command line, with `$ensign` standing for the built executable, in a scrubbed environment.
func shell(_ script: String, in folder: String, input: Data? = nil) throws -> Outcome {
  let run = try FinishedProgram(
    ["/bin/bash", "-c", script], in: folder,
    environment: ["ensign": executable, "PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C"],
    input: Array(input ?? Data()))
  return Outcome(status: run.status, output: run.output, messages: run.messages)
}

/// A folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    var template = Array((NSTemporaryDirectory() + "/ensign-XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
    path = try #require(realpath(template, nil).map { String(cString: $0) })
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func / (folder: TemporaryFolder, name: String) -> String { folder.path + "/" + name }

  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: self / name)), as: UTF8.self)
  }

  /// Writes a file, its folders included.
  func write(_ text: String, to name: String) throws {
    let url = URL(filePath: self / name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }
}

/// Compares with a recorded text below `Fixtures/`, or records it with `ENSIGN_RECORD=1` (and then fails, so that a
/// recording run is never green).
func expectRecorded(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  if ProcessInfo.processInfo.environment["ENSIGN_RECORD"] == "1" {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    Issue.record("recorded \(name); run again without ENSIGN_RECORD", sourceLocation: sourceLocation)
    return
  }
  let recorded = try #require(
    try? String(contentsOf: url, encoding: .utf8), "Fixtures/\(name) is not recorded: ENSIGN_RECORD=1 swift test",
    sourceLocation: sourceLocation)
  expectSame(text, recorded, sourceLocation: sourceLocation)
}

/// Compares two texts and names the first line in which they differ.
func expectSame(_ actual: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
  if actual == expected { return }
  let left = actual.split(separator: "\n", omittingEmptySubsequences: false)
  let right = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let line = zip(left, right).prefix { $0 == $1 }.count
  let was = line < left.count ? String(left[line]) : "(nothing)"
  let wanted = line < right.count ? String(right[line]) : "(nothing)"
  Issue.record(
    "line \(line + 1) is\n  \(was)\nand should be\n  \(wanted)\nin\n\(actual)", sourceLocation: sourceLocation)
}
