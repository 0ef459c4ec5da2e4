internal import Ensign
internal import FlagSource
package import Git

/// Finds what means something else between the flags trees of two commits.
package struct ChangeFinder {
  private let explorer: TreeExplorer
  private let scope: HistoryScope

  package init(_ explorer: TreeExplorer, within scope: HistoryScope) {
    self.explorer = explorer
    self.scope = scope
  }

  /// The changes between the flags trees of two commits.
  package func changes(fromCommit before: ObjectID, toCommit after: ObjectID) throws(GitError) -> [SemanticChange] {
    try changes(
      from: explorer.flagsTree(in: explorer.repository.header(ofCommit: before).tree),
      to: explorer.flagsTree(in: explorer.repository.header(ofCommit: after).tree))
  }

  /// The changes between two flags trees: of the project first, then of flags by key and environment, then of segments.
  ///
  /// - Parameters:
  ///   - before: a flags tree as an object; nil where there is none.
  ///   - after: another one.
  package func changes(from before: ObjectID?, to after: ObjectID?) throws(GitError) -> [SemanticChange] {
    let delta = try explorer.delta(from: before, to: after, within: scope)
    if let flag = scope.flag {
      // Searched once in all environments, its files are followed from commit to commit.
      if let after, !delta.flags.isEmpty { _ = try explorer.files(ofFlag: flag, in: after) }
      explorer.follow(flag, from: after, to: before, by: delta)
    }
    if delta.isEmpty { return [] }
    let old = try explorer.manifest(of: before)
    let new = try explorer.manifest(of: after)
    var (flags, segments) = (delta.flags, delta.segments)
    for folder in delta.listFolders {
      for tree in [folder.before, folder.after].compactMap({ $0 }) {
        let keys = try explorer.contents(of: tree).files.map(\.name).compactMap(TreeExplorer.key)
        segments.formUnion(keys.filter(scope.includes(segment:)))
      }
    }
    if delta.hasManifest, !old.readsFlags(as: new) {
      for tree in [before, after] {
        if scope.includesFlags {
          let keys: Set = if let flag = scope.flag { [flag] } else { try explorer.flagKeys(of: tree) }
          flags.formUnion(keys)
        }
        if scope.includesSegments {
          let keys: Set = if let segment = scope.segment { [segment] } else { try explorer.segmentKeys(of: tree) }
          segments.formUnion(keys)
        }
      }
    }
    var changes = scope.includesProject && delta.hasManifest ? ProjectChanges.find(old, new) : []
    changes += try changesOfFlags(flags, delta, from: before, old, to: after, new)
    changes += try changesOfSegments(segments, from: before, old, to: after, new)
    return changes
  }

  private func changesOfFlags(
    _ keys: Set<String>, _ delta: TreeDelta, from before: ObjectID?, _ old: ManifestReading, to after: ObjectID?,
    _ new: ManifestReading
  ) throws(GitError) -> [SemanticChange] {
    if keys.isEmpty { return [] }
    let environments = (new.environments + old.environments.filter { !new.environments.contains($0) })
      .filter { (scope.environment ?? $0) == $0 }
    // Where the manifest and a flag's definition are the same, only the configs that differ need to be read.
    let isSameManifest = !delta.hasManifest || old.readsFlags(as: new)
    var readBefore: [String: FlagReading] = [:]
    var readAfter: [String: FlagReading] = [:]
    var compared: [String: Set<String>] = [:]
    for (only, keys) in Dictionary(grouping: keys, by: { isSameManifest ? delta.environments(ofFlag: $0) : nil }) {
      readAfter.merge(try explorer.flags(keys, in: after, only: only)) { $1 }
      for key in keys {
        explorer.follow(key, from: after, to: before, by: delta, only: only)
        compared[key] = only
      }
      readBefore.merge(try explorer.flags(keys, in: before, only: only)) { $1 }
    }
    let (typesBefore, typesAfter) = (old.types, new.types)
    var changes: [SemanticChange] = []
    for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let words = ChangeText(
        before: CompiledWords(types: typesBefore, seed: key), after: CompiledWords(types: typesAfter, seed: key))
      for environment in environments where compared[key]?.contains(environment) ?? true {
        guard let left = readBefore[key]?.state(in: environment), let right = readAfter[key]?.state(in: environment)
        else { continue }
        changes += PartComparison(.flag(key), environment: environment, left, right, words).changes
      }
    }
    return changes
  }

  private func changesOfSegments(
    _ keys: Set<String>, from before: ObjectID?, _ old: ManifestReading, to after: ObjectID?, _ new: ManifestReading
  ) throws(GitError) -> [SemanticChange] {
    if keys.isEmpty { return [] }
    let readBefore = try explorer.segments(keys, in: before)
    let readAfter = try explorer.segments(keys, in: after)
    let words = ChangeText(before: CompiledWords(types: old.types), after: CompiledWords(types: new.types))
    var changes: [SemanticChange] = []
    for key in keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard let left = readBefore[key]?.state, let right = readAfter[key]?.state else { continue }
      changes += PartComparison(.segment(key), environment: nil, left, right, words).changes
    }
    return changes
  }
}
