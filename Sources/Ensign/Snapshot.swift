internal import Glibc

/// The flags of one environment, ready to be evaluated.
///
/// A snapshot never changes, and any number of threads may evaluate it at once: no locks are taken, nothing is written.
/// To pick up new flags, load another one and use that from then on.
///
/// ```swift
/// let snapshot = try Snapshot(bytes)
/// let user: Context = ["targetingKey": "user-1", "country": "DE", "beta": true]
/// if snapshot.boolean("checkout-v2", in: user, default: false) { … }
/// ```
public final class Snapshot: Sendable {
  /// The project that the flags belong to.
  public let project: String
  /// The environment that they were compiled for.
  public let environment: String
  /// How many flags there are.
  public var count: Int { Int(base.head.pointee.flagCount) }

  /// The prepared form: see PreparedRecords.swift.
  nonisolated(unsafe) let base: UnsafeRawPointer
  /// Values that are strings or objects, by their number in `VariantRecord.value`.
  let texts: [String]
  let objects: [JSONValue]
  /// What keeps alive the patterns whose addresses stand in the buffer.
  private let expressions: [RegularExpression]

  /// Loads a snapshot, as the compiler writes it.
  ///
  /// Everything is checked, so that evaluating cannot fail later: the whole format, that every name refers to
  /// something, that ranges are complete, that nothing requires itself.
  ///
  /// - Parameter bytes: the document, at most 256 MiB.
  /// - Complexity: O(*n*) in the size of the document.
  public init(_ bytes: [UInt8]) throws(SnapshotError) {
    let loaded = try bytes.withUnsafeBufferPointer { bytes throws(SnapshotError) in
      let tokens = try Self.tokens(of: bytes)
      return try tokens.withUnsafeBufferPointer { tokens throws(SnapshotError) in
        var loader = SnapshotLoader(JSONTape.View(tokens: tokens, bytes: bytes), PreparedArena(document: bytes))
        try loader.load()
        return loader.finish()
      }
    }
    project = loaded.project
    environment = loaded.environment
    base = loaded.base
    texts = loaded.texts
    objects = loaded.objects
    expressions = loaded.expressions
  }

  /// The tokens of a document, or of a value that stands in one below so many arrays and objects.
  static func tokens(
    of bytes: UnsafeBufferPointer<UInt8>, depth: Int = 0
  ) throws(SnapshotError) -> [JSONTape.Token] {
    do throws(JSONError) {
      return try JSONReader.tokens(of: bytes, maximumSize: SnapshotLimits.size, depth: depth)
    } catch {
      throw SnapshotError(code: .malformed, message: error.description, path: "", offset: error.offset)
    }
  }

  deinit { free(UnsafeMutableRawPointer(mutating: base)) }

  /// The keys of all flags, sorted.
  public var flagKeys: [String] {
    (0..<count).map { base.string(base.record(base.flag(sorted: $0), as: FlagRecord.self).pointee.key) }
  }
}

/// What a loader leaves behind for the snapshot.
struct LoadedSnapshot {
  let project: String
  let environment: String
  let base: UnsafeRawPointer
  let texts: [String]
  let objects: [JSONValue]
  let expressions: [RegularExpression]
}

extension SnapshotLoader {
  /// Ends the loader, and hands over what it made.
  consuming func finish() -> LoadedSnapshot {
    let (project, environment, texts) = (project, environment, texts)
    let (objects, expressions) = (objects, Array(expressions.values))
    return LoadedSnapshot(
      project: project, environment: environment, base: arena.take(), texts: texts, objects: objects,
      expressions: expressions)
  }
}
