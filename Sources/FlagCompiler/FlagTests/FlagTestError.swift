package import FlagSource
package import YAML

/// Why flag tests could not be run.
package enum FlagTestError: Error, Sendable {
  /// An environment that a test needs could not be compiled.
  case compilation(CompilationError)
  /// All tests up to this one stand for more cases than are run.
  case tooManyCases(limit: Int, file: FileReference, range: SourceRange)
}
