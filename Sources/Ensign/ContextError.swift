/// Why a JSON document is not a context.
public struct ContextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as a phrase without a full stop.
  public let message: String
  /// The attribute, its nested names joined with dots; empty when the document as a whole is wrong.
  public let attribute: String

  /// The attribute, then the message.
  public var description: String { attribute.isEmpty ? message : "\(attribute): \(message)" }
}
