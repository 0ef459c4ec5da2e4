/// Why there is no client.
public struct ClientError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it is.
  public enum Code: String, Hashable, Sendable {
    /// The configuration is wrong: the trust file, the store's address, the environment, or a state directory of another
    /// project or environment.
    case configuration
    /// Another client, of this process or of another one, uses the state directory.
    case locked
  }

  /// What kind of failure it is.
  public let code: Code
  /// What is wrong and what to do, as a phrase without a full stop.
  public let message: String

  init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
