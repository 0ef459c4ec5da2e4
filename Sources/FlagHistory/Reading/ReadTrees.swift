internal import Git

/// What one explorer has read of some flags trees, for another one on another thread.
struct ReadTrees: Sendable {
  /// What ``deltas`` are limited to.
  var scope: HistoryScope?
  /// What differs between trees.
  var deltas: [(before: ObjectID?, after: ObjectID?, delta: TreeDelta)] = []
  /// The files of flags, sorted by path.
  var locations: [(TreeExplorer.Location, [FoundFile])] = []
  /// The manifests' files.
  var manifests: [(tree: ObjectID, file: FoundFile?)] = []
  /// The contents of files by their objects.
  var contents: [ObjectID: [UInt8]] = [:]
}

/// The flags trees of a commit and of its parents in order.
struct FlagsTrees: Sendable {
  var own: ObjectID?
  var parents: [ObjectID?]

  /// Those with which the commit is compared: a first commit with nothing.
  ///
  /// Empty when it has the tree of a parent.
  var compared: [ObjectID?] { parents.isEmpty ? [nil] : parents.contains(own) ? [] : parents }
}
