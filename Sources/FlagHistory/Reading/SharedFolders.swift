internal import Ensign
internal import Git

/// Folders that one thread has read and another one needs, too.
final class SharedFolders: Sendable {
  private let state = Guarded(State())

  private struct State {
    var folders: [ObjectID: Folder] = [:]
    var isClosed = false
  }

  private static let most = 1000

  /// The folder with this id, if it is there.
  subscript(tree: ObjectID) -> Folder? { state.withLock { $0.folders[tree] } }

  /// Adds a folder, unless this is closed.
  ///
  /// - Returns: Whether there is place for more.
  func add(_ folder: Folder, _ tree: ObjectID) -> Bool {
    state.withLock { state in
      if state.isClosed { return false }
      state.folders[tree] = folder
      state.isClosed = state.folders.count >= Self.most
      return !state.isClosed
    }
  }

  /// Takes no more folders.
  func close() { state.withLock { $0.isClosed = true } }
}
