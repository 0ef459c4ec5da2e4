internal import Ensign
internal import FlagSource

/// Why an environment could not be compiled, though the tree has no error.
package struct CompilationError: Error, Hashable, Sendable {
  package var code: Code
  /// The environment that was asked for.
  package var environment: String
  /// The flag or segment concerned, when the fault could be narrowed down to one.
  package var subject: Subject?
  /// What is wrong, in one sentence without a full stop.
  package var message: String
  /// What to do about it, in one sentence without a full stop.
  package var help: String

  /// The kinds of failure.
  package enum Code: Sendable {
    /// The manifest has no environment of that name.
    case unknownEnvironment
    /// The runtime library would not load what was compiled, such as a snapshot beyond its limits.
    case refusedByReader
  }

  /// A part of a snapshot.
  package enum Subject: Hashable, Sendable {
    case flag(String)
    case segment(String)
  }
}

extension CompilationError {
  init(unknown environment: String, known: [String]) {
    code = .unknownEnvironment
    self.environment = environment
    message = "the manifest has no environment `\(environment)`"
    help =
      NearestName.find(environment, among: known).map { "did you mean `\($0)`?" }
      ?? "its environments are \(known.joined(separator: ", "))"
  }

  /// - Parameters:
  ///   - flags: the keys of the snapshot's flags.
  ///   - segments: the keys of its segments.
  init(environment: String, refusal: SnapshotError, flags: [String], segments: [String]) {
    code = .refusedByReader
    self.environment = environment
    subject =
      Self.key(in: refusal.path, below: "flags.", among: flags).map { .flag($0) }
      ?? Self.key(in: refusal.path, below: "segments.", among: segments).map { .segment($0) }
    let whose =
      switch subject {
      case .flag(let key): "flag `\(key)` in `\(environment)`"
      case .segment(let key): "segment `\(key)` in `\(environment)`"
      case nil: "the snapshot of `\(environment)`"
      }
    message = "the runtime library would refuse \(whose): \(refusal)"
    help = "keep within the limits of snapshots, such as their size and the nesting of flags, segments and conditions"
  }

  /// The longest of the keys that a path begins with: keys may have dots, and so do paths.
  private static func key(in path: String, below parent: String, among keys: [String]) -> String? {
    guard path.hasPrefix(parent) else { return nil }
    let rest = path.dropFirst(parent.count)
    return keys.filter { rest == $0 || rest.hasPrefix($0 + ".") }.max { $0.utf8.count < $1.utf8.count }
  }
}
