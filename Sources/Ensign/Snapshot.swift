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
    let loaded = try Self.load(bytes, isTrial: false) { $0.finish() }
    project = loaded.project
    environment = loaded.environment
    base = loaded.base
    texts = loaded.texts
    objects = loaded.objects
    expressions = loaded.expressions
  }

  /// Checks a document as ``init(_:)`` does, and throws what that would throw.
  ///
  /// Nothing is kept of a flag once it was checked, which takes a third less memory.
  package static func check(_ bytes: [UInt8]) throws(SnapshotError) { try load(bytes, isTrial: true) { _ in } }

  private static func load<Result>(
    _ bytes: [UInt8], isTrial: Bool, _ finish: (consuming SnapshotLoader) -> Result
  ) throws(SnapshotError) -> Result {
    let tape: JSONTape
    do throws(JSONError) {
      tape = try JSONReader.read(bytes, maximumSize: SnapshotLimits.size)
    } catch {
      throw SnapshotError(code: .malformed, message: error.description, path: "", offset: error.offset)
    }
    return try tape.tokens.withUnsafeBufferPointer { tokens throws(SnapshotError) in
      try tape.bytes.withUnsafeBufferPointer { bytes throws(SnapshotError) in
        var loader = SnapshotLoader(tape, tokens, bytes, isTrial: isTrial)
        try loader.load()
        return finish(loader)
      }
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
    let (objects, expressions) = (objects, expressions)
    return LoadedSnapshot(
      project: project, environment: environment, base: arena.take(), texts: texts, objects: objects,
      expressions: expressions)
  }
}
