package import Ensign
package import Git

/// Why something was not signed, published or verified, and what to do.
package struct PublishingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  package var code: Code
  /// What is wrong, as a phrase without a full stop.
  package var message: String
  /// What to do about it, a line each, without a full stop.
  package var help: [String]

  /// The kinds of failure.
  package enum Code: String, Hashable, Sendable {
    /// A file is no key file, or a damaged one.
    case invalidKey
    /// The passphrase does not open the key, or there is none.
    case passphrase
    /// A secret key can be read by others than its owner.
    case exposedKey
    /// A file or folder cannot be read or written.
    case storage
    /// Another process writes into the store.
    case locked
    /// What is there already would be overwritten.
    case exists
    /// The store has no trust file, or the chain of them is broken.
    case noTrust
    /// The keys at hand are not enough, or not those that count.
    case signatures
    /// What was asked for makes no sense: a threshold that no keys reach, a key that no role has.
    case invalidRequest
    /// The environment was never published, or not in this epoch.
    case unpublished
    /// The repository cannot tell what publishing needs to know.
    case repository
    /// The files differ from the commit.
    case dirty
    /// What would be published is older than what was, or not its descendant, or a second one for the same place.
    case notNewer
    /// A limit of the readers is exceeded.
    case tooLarge
    /// Something in the store is not what it must be.
    case damagedStore

    /// Whether the surroundings are at fault, rather than what was asked for.
    package var isEnvironmental: Bool {
      switch self {
      case .storage, .locked, .repository: true
      default: false
      }
    }
  }

  /// A failure in words.
  package init(_ code: Code, _ message: String, help: String...) {
    self.init(code, message, helps: help)
  }

  /// A failure in words, with advice that is made of parts.
  package init(_ code: Code, _ message: String, helps: [String]) {
    self.code = code
    self.message = message
    help = helps
  }

  /// A failure of the file layer.
  package init(_ error: StorageError, below root: String) {
    let path = error.path.isEmpty ? root : root.isEmpty ? error.path : "\(root)/\(error.path)"
    self.init(
      .storage, "cannot \(error.operation) \(path): \(error.reason)",
      helps: error.code == .unauthorized ? Self.tokenAdvice : [])
  }

  /// What to do where a server asks for a token, or for another one.
  static let tokenAdvice = [
    "name a token that may, with --token-file FILE or ENSIGN_TOKEN",
    "'ensign token new --scope publish --environment NAME' makes one",
  ]

  /// A failure of the repository's.
  package init(_ error: GitError) {
    self.init(.repository, error.message, helps: error.help.map { [$0] } ?? [])
  }

  /// The message, then the advice.
  package var description: String { ([message] + help).joined(separator: "; ") }
}
