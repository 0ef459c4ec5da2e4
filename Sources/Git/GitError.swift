internal import CGit2

/// What went wrong with a repository, and what to do about it.
public struct GitError: Error, Hashable, Sendable {
  /// The kinds of errors.
  public enum Code: String, Hashable, Sendable {
    /// There is no repository at the path or above it.
    case notARepository
    /// The repository belongs to another user, whom Git does not trust.
    case notOwned
    /// No branch, tag or object has this name.
    case unknownRevision
    /// A shortened object id that begins several ids.
    case ambiguousRevision
    /// The text is no revision, or names something else than a commit.
    case invalidRevision
    /// An object is not in the repository.
    case missingObject
    /// An object is damaged.
    case corruptObject
    /// An object is of another type than needed.
    case wrongType
    /// An object is larger than allowed.
    case tooLarge
    /// The history was cut off when it was cloned, so that nothing can be said about it.
    case shallowHistory
    /// Two commits have no commit in common.
    case unrelatedHistories
    /// A path is not below the folder of the repository's files, or there is no such folder.
    case outsideWorkTree
    /// Another process is changing the index or a branch.
    case locked
    /// A commit was not made: the repository's state, its settings or another commit stand against it.
    case uncommitted
    /// Nobody said who commits.
    case missingIdentity
    /// Anything else, such as a file that cannot be read.
    case other
  }

  /// The kind of error.
  public var code: Code
  /// libgit2's own return value, negative; 0 when no call of it failed.
  public var status: Int32
  /// The C function that returned ``status``; empty when none did.
  public var function: String
  /// What went wrong; a sentence without a full stop.
  public var message: String
  /// What to do; a sentence without a full stop, or nil where there is no advice.
  public var help: String?

  init(_ code: Code, _ message: String, help: String? = nil, status: Int32 = 0, function: String = "") {
    self.code = code
    self.status = status
    self.function = function
    self.message = message
    self.help = help
  }
}

extension GitError: CustomStringConvertible {
  /// The message, then the advice.
  public var description: String { help.map { "\(message); \($0)" } ?? message }
}
