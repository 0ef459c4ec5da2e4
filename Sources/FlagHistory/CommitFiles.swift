package import FlagSource
package import Git

/// The files of a flags tree as a commit has them, read from the repository without a checkout.
///
/// The bytes are those of the blobs: what `.gitattributes` or `core.autocrlf` would do to them at a checkout is not done
/// here. Symbolic links are listed as such and never followed; a submodule is ``FileEntry/Kind/other``, because the
/// repository does not have its files.
package struct CommitFiles: FlagFiles {
  /// Where Git's own files are; each reader opens the repository by it, since one may be used by one thread only.
  private let gitDirectory: String
  /// The tree object of the folder that holds `ensign.yaml`.
  private let root: ObjectID

  /// More entries than these are no flags tree.
  ///
  /// Folders of a commit may share their objects, so a small repository can list very many.
  private static let maximumEntries = 4_000_000

  /// The files of a commit below a folder.
  ///
  /// - Parameters:
  ///   - commit: the id of a commit, as ``Git/Repository/resolve(_:)`` gives it.
  ///   - folder: the path of the flags tree from the top of the repository, with `/` between names; empty for the top.
  /// - Throws: ``FileAccessError`` with the code `notFound` when the commit has no such folder.
  package init(
    of commit: ObjectID, folder: String, in repository: borrowing Repository
  ) throws(FileAccessError) {
    gitDirectory = repository.gitDirectory
    let entry: TreeEntry?
    do throws(GitError) {
      entry = try repository.entry(at: folder, inTree: repository.commit(commit).tree)
    } catch {
      throw FileAccessError(error, path: folder)
    }
    let short = commit.description.prefix(12)
    guard let entry else {
      throw FileAccessError(.notFound, path: folder, message: "the commit \(short) has no folder `\(folder)`")
    }
    guard entry.kind == .tree else {
      throw FileAccessError(
        .notFound, path: folder, message: "`\(folder)` is \(entry.kind.words) in the commit \(short), not a folder")
    }
    root = entry.id
  }

  package func list() throws(FileAccessError) -> [FileEntry] {
    let repository = try open()
    var entries: [FileEntry] = []
    var folders: [(path: [UInt8], tree: ObjectID)] = [([], root)]
    while let folder = folders.popLast() {
      for entry in try Self.entries(of: folder.tree, at: folder.path, in: repository) where !entry.name.hasPrefix(".") {
        let path = folder.path.isEmpty ? Array(entry.name.utf8) : folder.path + [UInt8(ascii: "/")] + entry.name.utf8
        if entry.kind == .tree, !entry.name.hasSuffix(".yaml") {
          folders.append((path, entry.id))
        } else {
          entries.append(FileEntry(path: path, kind: FileEntry.Kind(entry.kind), objectID: entry.id.bytes))
        }
      }
      guard entries.count + folders.count <= Self.maximumEntries else {
        throw FileAccessError(.tooLarge, path: "", message: "more than \(Self.maximumEntries) files")
      }
    }
    return entries
  }

  package func reader() throws(FileAccessError) -> any FlagFileReader { CommitReader(try open()) }

  private func open() throws(FileAccessError) -> Repository {
    do throws(GitError) {
      return try Repository(gitDirectory: gitDirectory)
    } catch {
      throw FileAccessError(error, path: "")
    }
  }

  private static func entries(
    of tree: ObjectID, at path: [UInt8], in repository: borrowing Repository
  ) throws(FileAccessError) -> [TreeEntry] {
    do throws(GitError) {
      return try repository.entries(ofTree: tree)
    } catch {
      throw FileAccessError(error, path: String(decoding: path, as: UTF8.self))
    }
  }
}

/// Reads blobs on one thread, with a repository of its own.
private final class CommitReader: FlagFileReader {
  private let repository: Repository

  init(_ repository: consuming Repository) { self.repository = repository }

  func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError) {
    guard let id = entry.objectID?.withUnsafeBytes({ ObjectID(bytes: $0) }) else {
      throw FileAccessError(.notFound, path: entry.path.text, message: "it is not a file of the commit")
    }
    bytes.removeAll(keepingCapacity: true)
    do throws(GitError) {
      try repository.withBlob(id, limit: limit) { bytes.append(contentsOf: $0) }
    } catch {
      if error.code == .tooLarge { throw FileAccessError(path: entry.path, exceeds: limit) }
      throw FileAccessError(error, path: entry.path.text)
    }
  }
}

extension FileEntry.Kind {
  /// What a tree has, as a flags tree takes it.
  init(_ kind: TreeEntry.Kind) {
    switch kind {
    case .blob, .executable: self = .file
    case .tree: self = .folder
    case .symlink: self = .symbolicLink
    case .submodule: self = .other
    }
  }
}

extension TreeEntry.Kind {
  /// The kind in a sentence, with its article.
  fileprivate var words: String {
    switch self {
    case .blob, .executable: "a file"
    case .tree: "a folder"
    case .symlink: "a symbolic link"
    case .submodule: "a submodule"
    }
  }
}

extension FileAccessError {
  /// A failure of Git's at a path, with its advice.
  fileprivate init(_ error: GitError, path: String) {
    let code: Code =
      switch error.code {
      case .missingObject, .unknownRevision, .notARepository: .notFound
      case .notOwned: .notPermitted
      case .tooLarge: .tooLarge
      default: .failed
      }
    self.init(code, path: path, message: error.description)
  }
}
