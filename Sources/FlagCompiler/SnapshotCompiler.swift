internal import Ensign
package import FlagSource

/// Turns a checked flags tree into the snapshot of one environment.
///
/// A pure function of tree and environment: no time, no path, no order of a hash table reaches the bytes, so that the
/// same tree gives the same bytes on any machine, on any day.
package enum SnapshotCompiler {
  /// The format that is written.
  static let format = 1
  /// The oldest reader that understands what is written.
  static let minimumReader = 1

  /// The canonical bytes (RFC 8785) of the environment's snapshot.
  ///
  /// - Throws: ``CompilationError`` when the manifest has no such environment.
  package static func compile(_ tree: CheckedTree, environment: String) throws(CompilationError) -> [UInt8] {
    let known = tree.tree.manifest.environments.map(\.value)
    guard known.contains(environment) else {
      let nearest = NearestName.find(environment, among: known)
      throw CompilationError(
        code: .unknownEnvironment, environment: environment, subject: nil,
        message: "the manifest has no environment `\(environment)`",
        help: nearest.map { "did you mean `\($0)`?" } ?? "its environments are \(known.joined(separator: ", "))")
    }
    return SnapshotWriter.write(EnvironmentResolver.resolve(tree, environment: environment))
  }
}
