/// A published store, as a client reads it.
///
/// Not used by two threads at once, but for ``cancel()``.
package protocol StoreReader: AnyObject, Sendable {
  /// The store as people know it, for messages: without passwords.
  var name: String { get }

  /// Reads one file.
  func fetch(_ request: StoreRequest) throws(StoreError) -> StoreAnswer

  /// Ends the fetch in progress, on whatever thread it is, and all later ones, as ``StoreError/Code/unreachable``.
  func cancel()
}

/// What is asked of a store.
package struct StoreRequest: Hashable, Sendable {
  /// The file, relative to the store's root: see ``StorePath``.
  package var path: String
  /// More bytes than that are never taken.
  package var limit: Int
  /// The validator that came with the content that the caller has; with it, an unchanged file is not sent again.
  package var validator: String?
  /// Whether the answer must come from the store itself, and not from a cache on the way.
  package var bypassesCaches: Bool
  /// What is sent along, to be put there; nil to read.
  var body: Body?

  /// Bytes with their type.
  struct Body: Hashable, Sendable {
    let bytes: [UInt8]
    let mediaType: String
  }
  /// How many seconds the store may take to answer while the file is still the one of the validator, so that the answer
  /// comes when there is another one; 0 to be answered at once.
  ///
  /// A store that does not know this answers at once.
  package var wait = 0

  /// A request for a file.
  package init(_ path: String, limit: Int, validator: String? = nil, bypassesCaches: Bool = false) {
    self.path = path
    self.limit = limit
    self.validator = validator
    self.bypassesCaches = bypassesCaches
  }
}

/// What a store answers.
package enum StoreAnswer: Hashable, Sendable {
  /// The file's bytes, and a validator to ask again with, where the store has one.
  case content([UInt8], validator: String?)
  /// The file is still the one of the request's validator.
  case unchanged
}

/// A file that a store did not give.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  package var code: Code
  /// What is wrong, as a phrase without a full stop.
  package var description: String

  /// A failure of a kind.
  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// The kinds of failure.
  package enum Code: Hashable, Sendable {
    /// The store has no such file.
    case absent
    /// The store did not answer, or not in time, or with an error.
    case unreachable
    /// The server asks for a token, or for another one.
    case unauthorized
    /// The file has more bytes than the limit.
    case oversized
    /// The store sends its reader to another address, where it does not go.
    case redirected
  }
}
