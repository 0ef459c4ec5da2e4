internal import Ensign
internal import FlagSource

/// What a context gets, in words: `on 25 %, off 75 %, by company.id, seed checkout-2026`.
enum ServeText {
  static func words(_ serve: EnvironmentConfig.Serve) -> String {
    switch serve {
    case .variant(let name): name
    case .split(let weights, let hashing):
      weights.map { "\($0.variant.value) \($0.percentage.value) %" }.joined(separator: ", ") + words(hashing)
    case .ranges(let allocations, let hashing):
      allocations.map { allocation in
        let intervals = allocation.intervals.map { "\($0.from)–\($0.to)" }
        return "\(allocation.variant.value) \(intervals.joined(separator: ", ")) %"
      }.joined(separator: "; ") + words(hashing)
    case .ramp(let ramp, let hashing):
      "\(ramp.from.value) → \(ramp.variant.value), "
        + ramp.steps.map { "\($0.percentage.value) % at \($0.at.value)" }.joined(separator: ", ")
        + " (\(ramp.shape.rawValue))" + words(hashing)
    }
  }

  static func words(_ hashing: EnvironmentConfig.Hashing) -> String {
    let by = hashing.by.map { ", by \($0.value)" } ?? ""
    return by + (hashing.seed.map { ", seed \($0.value)" } ?? "")
  }
}

extension EnvironmentConfig.Enabled {
  /// `enabled`, `disabled`, or from when until when it is enabled.
  var words: String {
    switch self {
    case .always: "enabled"
    case .never: "disabled"
    case .between(let from, let until):
      "enabled" + (from.map { " from \($0.value)" } ?? "") + (until.map { " until \($0.value)" } ?? "")
    }
  }

  /// Whether the flag is enabled at a moment.
  func isOn(at moment: Timestamp) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .between(let from, let until):
      (from.map { $0.value <= moment } ?? true) && (until.map { moment < $0.value } ?? true)
    }
  }
}
