internal import Ensign
internal import FlagCompiler
internal import FlagPublisher

/// A snapshot compiled again from the commit that its manifest names.
struct Rebuild {
  let environment: String
  /// Whether the bytes are the same.
  let isIdentical: Bool
  /// Where they differ first; nil when they do not, or when the published bytes are not at hand.
  let difference: SnapshotDifference?
  /// What may explain a difference, as a phrase; nil where nothing comes to mind.
  let note: String?

  /// Rebuilds every environment whose manifest was verified.
  static func all(of report: StoreReport, in session: Session) throws(CommandError) -> [Rebuild] {
    var rebuilds: [Rebuild] = []
    for environment in report.environments {
      if let manifest = environment.manifest {
        rebuilds.append(try Rebuild(of: manifest, published: environment.snapshot, in: session))
      }
    }
    return rebuilds
  }

  private init(of manifest: Manifest, published: [UInt8]?, in session: Session) throws(CommandError) {
    let source = try Self.source(of: manifest, in: session)
    let rebuilt = try source.compiled(for: manifest.environment).bytes
    environment = manifest.environment
    isIdentical = SHA256.hexadecimal(rebuilt) == manifest.snapshot.sha256
    // Both are JSON: one was compiled just now, the other was loaded when it was verified.
    difference = isIdentical ? nil : published.flatMap { try? SnapshotDifference.first($0, rebuilt) }
    if isIdentical {
      note = nil
    } else if manifest.isDirty {
      note = "the manifest says that it was published from files that differ from the commit's"
    } else if manifest.compiler.version != Program.version {
      note = "it was compiled by \(manifest.compiler.name) \(manifest.compiler.version), and this is \(Program.version)"
    } else {
      note = nil
    }
  }

  private static func source(of manifest: Manifest, in session: Session) throws(CommandError) -> CheckedSource {
    do throws(CommandError) {
      return try session.checkedSource(revision: manifest.source.commit)
    } catch {
      guard error.status == .unusable else { throw error }
      throw CommandError(
        status: .unusable, message: "cannot rebuild '\(manifest.environment)': \(error.message)",
        help: error.help + [
          "the commit \(manifest.source.commit) of \(manifest.source.ref) is needed, in the repository that "
            + "--repository names"
        ])
    }
  }
}
