/// What a flag gives for a context, and why.
public struct Evaluation: Hashable, Sendable {
  /// The flag's key, as it was asked for.
  public let flag: String
  /// The value served; nil when there is an error.
  public let value: JSONValue?
  /// The name of the variant served; nil when there is an error.
  public let variant: String?
  /// Why this variant.
  public let reason: Reason
  /// What decided; nil when there is an error.
  public let decidedBy: Place?
  /// The bucket that the context fell into, of 100,000, where the decision took a hash: the serve's, or else the
  /// share's.
  public let bucket: Int?
  /// What went wrong, when ``reason`` is ``Reason/error``.
  public let errorCode: ErrorCode?

  /// Why a variant was served: OpenFeature's reasons, and one more.
  public enum Reason: String, Hashable, Sendable, BitwiseCopyable {
    /// The flag is not enabled, now.
    case disabled = "DISABLED"
    /// Another flag does not serve what this one requires.
    case prerequisiteFailed = "PREREQUISITE_FAILED"
    /// The flag has neither requirements nor targets nor rules, and serves one variant to everyone.
    case `static` = "STATIC"
    /// No target and no rule matched.
    case `default` = "DEFAULT"
    /// A target or a rule matched.
    case targetingMatch = "TARGETING_MATCH"
    /// The context's bucket decided.
    case split = "SPLIT"
    /// There is no value: see ``Evaluation/errorCode``.
    case error = "ERROR"
  }

  /// The part of a flag that decided.
  public enum Place: Hashable, Sendable {
    /// `enabled`.
    case disabled
    /// A prerequisite.
    case requires
    /// The list of targeting keys.
    case targets
    /// The rule of this name.
    case rule(String)
    /// `otherwise`.
    case otherwise

    /// The rule's name, or the place's own word.
    public var name: String {
      switch self {
      case .disabled: "disabled"
      case .requires: "requires"
      case .targets: "targets"
      case .rule(let name): name
      case .otherwise: "otherwise"
      }
    }
  }

  /// What can go wrong: OpenFeature's codes.
  public enum ErrorCode: String, Hashable, Sendable {
    /// The snapshot has no such flag.
    case flagNotFound = "FLAG_NOT_FOUND"
    /// The flag's values are of another type.
    case typeMismatch = "TYPE_MISMATCH"
    /// A ``Client`` has no snapshot yet.
    case notReady = "PROVIDER_NOT_READY"
  }

  /// The rule that decided, when one did.
  public var rule: String? {
    guard case .rule(let name) = decidedBy else { return nil }
    return name
  }
}
