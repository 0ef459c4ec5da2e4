import Ensign

/// The flags that this service asks for.
///
/// Each key, its type and its default stand here and nowhere else, so that a flag is found when it is to be removed.
struct Flags: Sendable {
  private let client: Client

  /// The flags of a client, which keeps them up to date.
  init(_ client: Client) { self.client = client }

  /// What to offer to the customer of a request.
  ///
  /// While there are no flags, that is what the defaults say.
  func offer(to customer: Context) -> Offer {
    // Several flags are asked about one customer, so they are all taken from one snapshot, and the context is prepared
    // once.
    guard let snapshot = client.snapshot else { return Offer() }
    let defaults = Offer()
    let customer = snapshot.prepare(customer)
    let methods = snapshot.object("payment-methods", in: customer, default: .object([]))["methods"]
    return Offer(
      isOnePage: snapshot.boolean("checkout-v2", in: customer, default: defaults.isOnePage),
      paymentMethods: methods?.array?.compactMap(\.string) ?? defaults.paymentMethods,
      discount: snapshot.integer("welcome-discount", in: customer, default: defaults.discount),
      reviewThreshold: snapshot.number("fraud-threshold", in: customer, default: defaults.reviewThreshold))
  }

  /// Why the customer does or does not see the new checkout, for the log.
  func reasonForCheckout(_ customer: Context) -> String {
    let evaluation = client.evaluate("checkout-v2", in: customer)
    return evaluation.rule ?? evaluation.errorCode?.rawValue ?? evaluation.reason.rawValue
  }
}

/// What the flags decide for one customer, and what holds without them.
struct Offer {
  /// The new checkout, rather than the old one.
  var isOnePage = false
  /// In the order in which they are shown.
  var paymentMethods = ["card"]
  /// In percent.
  var discount: Int64 = 0
  /// The risk score from which somebody looks at the order.
  var reviewThreshold = 0.6
}
