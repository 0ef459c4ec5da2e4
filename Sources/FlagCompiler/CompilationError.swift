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
