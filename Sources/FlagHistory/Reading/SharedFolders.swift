internal import Ensign
internal import Git

/// Folders that one thread has read and another one needs, too.
final class SharedFolders: Sendable {
  private let folders = Guarded<[ObjectID: Folder]>([:])
  private static let most = 1000

  /// The folder with this id, if it is there.
  subscript(tree: ObjectID) -> Folder? { folders.withLock { $0[tree] } }

  /// Adds a folder.
  ///
  /// - Returns: Whether there is place for more.
  func add(_ folder: Folder, _ tree: ObjectID) -> Bool {
    folders.withLock { folders in
      folders[tree] = folder
      return folders.count < Self.most
    }
  }
}
