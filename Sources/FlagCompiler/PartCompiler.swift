package import FlagSource

/// Compiles a flag, a segment or a condition from its own files alone, whatever else is wrong with the tree.
///
/// History needs that: a commit may have a mistake in one file, and still every other flag has a meaning that can be
/// compared with the one before. Of a tree without errors the bytes are those that stand in its snapshot. They are never
/// evaluated or shipped: snapshots come from ``SnapshotCompiler``, which takes checked trees only.
package enum PartCompiler {
  /// The canonical JSON of an object whose one member is the flag, as a snapshot of the config's environment has it.
  ///
  /// - Parameter config: nil where the flag has none: it is disabled there.
  package static func compile(_ definition: Definition, _ config: EnvironmentConfig?) -> [UInt8] {
    var resolver = EnvironmentResolver()
    return SnapshotWriter.write(resolver.resolve(definition, config))
  }

  /// The canonical JSON of an object whose one member is the segment, as snapshots have it.
  package static func compile(_ segment: Segment) -> [UInt8] {
    var conditions = ConditionResolver()
    return SnapshotWriter.write(
      ResolvedSegment(
        key: segment.key, include: SegmentKeys(segment.include, listed: segment.includeFrom),
        exclude: SegmentKeys(segment.exclude), when: segment.when.map { conditions.resolve($0.value) }))
  }

  /// The canonical JSON of a condition, as snapshots have it.
  package static func compile(_ condition: Condition) -> [UInt8] {
    var conditions = ConditionResolver()
    return conditions.resolve(condition)
  }
}
