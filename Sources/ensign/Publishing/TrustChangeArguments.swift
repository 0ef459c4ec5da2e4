internal import FlagPublisher

extension CommandError {
  /// A threshold that is no number of signatures.
  fileprivate static func threshold(_ option: String, _ text: String) -> Self {
    .usage("--\(option) \(text): this is no number of signatures", help: "write a number from 1 on")
  }
}

/// The options of thresholds, which `trust init` and `trust rotate` share.
struct ThresholdArguments {
  var root: String?
  var publish: String?
  var environments: [String]

  /// Takes the thresholds over into a change.
  func apply(to change: inout TrustChange) throws(CommandError) {
    if let root { change.rootThreshold = try Self.number(root, "root-threshold") }
    if let publish { change.publishThreshold = try Self.number(publish, "publish-threshold") }
    for text in environments {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw .usage(
          "--environment-threshold \(text): an environment and a number are needed", help: "such as production=2")
      }
      change.environmentThresholds.append(
        (String(parts[0]), try Self.number(String(parts[1]), "environment-threshold")))
    }
  }

  private static func number(_ text: String, _ option: String) throws(CommandError) -> Int {
    guard let number = Int(text), number >= 1, number <= 64 else { throw .threshold(option, text) }
    return number
  }
}
