/// Where a flags tree's files come from: the working tree, a commit, or memory.
///
/// Reading stands behind this, so that the same pipeline runs over all three and knows nothing of directories or Git.
package protocol FlagFiles: Sendable {
  /// Lists every entry below the tree's root that is no folder, plus folders whose name ends in `.yaml`, in any order.
  ///
  /// Entries whose names begin with a dot are left out.
  func list() throws(FileAccessError) -> [FileEntry]

  /// Makes a reader for one thread.
  func reader() throws(FileAccessError) -> any FlagFileReader
}

/// Reads files on one thread.
package protocol FlagFileReader {
  /// Replaces `bytes` by the file's content.
  ///
  /// - Throws: ``FileAccessError`` when the file cannot be read or is longer than `limit` bytes.
  mutating func read(_ entry: FileEntry, limit: Int, into bytes: inout [UInt8]) throws(FileAccessError)
}

/// An entry of a flags tree.
package struct FileEntry: Sendable {
  /// The path relative to the tree's root, with `/` between components, as bytes that need not be UTF-8.
  package var path: [UInt8]
  package var kind: Kind
  /// The content's object id in Git, when the source has one.
  package var objectID: [UInt8]?

  package init(path: [UInt8], kind: Kind, objectID: [UInt8]? = nil) {
    self.path = path
    self.kind = kind
    self.objectID = objectID
  }

  /// What the entry is.
  package enum Kind: Sendable {
    case file, folder, symbolicLink
    /// A socket, a device, a submodule.
    case other
  }
}

/// A file or folder that could not be read.
package struct FileAccessError: Error, Hashable, Sendable {
  package var code: Code
  /// Relative to the tree's root; empty for the root itself.
  package var path: String
  /// What went wrong, as the system or libgit2 says it.
  package var message: String

  package init(_ code: Code, path: String, message: String) {
    self.code = code
    self.path = path
    self.message = message
  }

  /// The kinds of failure.
  package enum Code: Sendable {
    case notFound, notPermitted, tooLarge, failed
  }
}
