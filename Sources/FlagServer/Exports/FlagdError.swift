/// Why a flag cannot be said in flagd's language.
package struct FlagdError: Error, Hashable, Sendable {
  /// What flagd does not have, as a phrase that follows the flag's key and a colon.
  package let reason: String

  init(_ reason: String) { self.reason = reason }
}
