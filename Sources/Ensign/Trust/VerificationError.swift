/// Why bytes are not accepted as what they say they are.
public struct VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public let status: ClientStatus
  /// What is wrong, as a phrase without a full stop.
  public let message: String

  /// A failure of a kind.
  package init(_ status: ClientStatus, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The word of the status, then the message.
  public var description: String { "\(status): \(message)" }
}
