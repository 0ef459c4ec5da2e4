import Ensign

/// The flags that this service asks for.
///
/// Each key, its type and its default stand here and nowhere else, so that a flag is found when it is to be removed.
struct Flags: Sendable {
  private let snapshot: Snapshot

  /// Loads a compiled snapshot.
  init(snapshot bytes: [UInt8]) throws(SnapshotError) {
    snapshot = try Snapshot(bytes)
  }

  /// What to offer to the customer of a request.
  func offer(to customer: Context) -> Offer {
    // Several flags are asked about one customer, so the context is prepared once.
    let customer = snapshot.prepare(customer)
    let methods = snapshot.object("payment-methods", in: customer, default: Self.cardsOnly)["methods"]
    return Offer(
      isOnePage: snapshot.boolean("checkout-v2", in: customer, default: false),
      paymentMethods: (methods?.array ?? []).compactMap(\.string),
      discount: snapshot.integer("welcome-discount", in: customer, default: 0),
      reviewThreshold: snapshot.number("fraud-threshold", in: customer, default: 0.6))
  }

  /// Why the customer does or does not see the new checkout, for the log.
  func reasonForCheckout(_ customer: Context) -> String {
    let evaluation = snapshot.evaluate("checkout-v2", in: customer)
    return evaluation.rule ?? evaluation.reason.rawValue
  }

  private static let cardsOnly: JSONValue = .object([.init(key: "methods", value: .array([.string("card")]))])
}

/// What the flags decide for one customer.
struct Offer {
  /// The new checkout, rather than the old one.
  var isOnePage: Bool
  /// In the order in which they are shown.
  var paymentMethods: [String]
  /// In percent.
  var discount: Int64
  /// The risk score from which somebody looks at the order.
  var reviewThreshold: Double
}
