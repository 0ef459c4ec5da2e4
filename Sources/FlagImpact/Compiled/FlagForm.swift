internal import Ensign

/// A flag as it stands in a snapshot.
struct FlagForm {
  var key: String
  var type: FlagType
  var variants: [(name: String, value: JSONValue)]
  var off: String
  var enabled: Enabled
  var requires: [(flag: String, variants: [String])]
  var targets: [(variant: String, keys: [String])]
  var rules: [RuleForm]
  var otherwise: ServeForm

  enum Enabled {
    case always, never
    /// Half-open, in milliseconds since 1970.
    case window(from: Int64?, until: Int64?)
  }
}

/// A rule as it stands in a snapshot.
struct RuleForm {
  var name: String
  /// Canonical form; nil is everyone.
  var when: JSONValue?
  /// What the condition became in a diagram, where that is known already.
  var condition: Diagram.Condition?
  var share: ShareForm?
  var serve: ServeForm
}

/// A rule's share as it stands in a snapshot.
struct ShareForm {
  var buckets: Int
  var hash: HashKey
}

/// What a rule or `otherwise` gives, as it stands in a snapshot.
enum ServeForm: Equatable {
  case variant(String)
  case ranges([ExcessMovement.Range], HashKey, seed: String)
  case ramp(RampForm, HashKey)
}

/// A ramp as it stands in a snapshot.
struct RampForm: Equatable {
  struct Step: Equatable {
    var at: Int64
    var buckets: Int64
  }

  var variant: String
  var from: String
  var isLinear: Bool
  var steps: [Step]

  /// How many buckets, from 0 up, the ramp has brought in at a moment: the evaluator's own arithmetic.
  func buckets(at now: Int64) -> Int {
    guard let first = steps.first, first.at <= now else { return 0 }
    var current = 0
    while current + 1 < steps.count, steps[current + 1].at <= now { current += 1 }
    guard isLinear, current + 1 < steps.count else { return Int(steps[current].buckets) }
    let (from, to) = (steps[current], steps[current + 1])
    return Int(from.buckets + (to.buckets - from.buckets) * (now - from.at) / (to.at - from.at))
  }
}

/// A hash: which attribute's value goes into it, behind which text.
///
/// Two hashes of the same attribute behind the same text are one, wherever they stand: a seed `a/share` of a split is
/// the seed `a` of a share.
struct HashKey: Hashable {
  var by: String
  /// The seed with what separates it from the value.
  var prefix: ExactText

  static func serve(by: String, seed: String) -> HashKey { HashKey(by: by, prefix: ExactText(seed + "/")) }
  static func share(by: String, seed: String) -> HashKey { HashKey(by: by, prefix: ExactText(seed + "/share/")) }
}

// MARK: - Reading

extension FlagForm {
  /// Reads a flag of a snapshot that the runtime library has loaded, and so has proven complete.
  init(_ value: JSONValue, key: String) {
    self.key = key
    type = FlagType.allCases.first { $0.name == value["type"]?.string } ?? .object
    variants = (value["variants"]?.object ?? []).map { ($0.key, $0.value) }
    off = value["off"]?.string ?? ""
    switch value["enabled"] {
    case .boolean(let isEnabled): enabled = isEnabled ? .always : .never
    case let window: enabled = .window(from: window?["from"]?.integer, until: window?["until"]?.integer)
    }
    requires = (value["requires"]?.array ?? []).map { ($0["flag"]?.string ?? "", $0.strings("variants")) }
    targets = (value["targets"]?.array ?? []).map { ($0["variant"]?.string ?? "", $0.strings("keys")) }
    rules = (value["rules"]?.array ?? []).map(RuleForm.init)
    otherwise = ServeForm(value["otherwise"] ?? .null)
  }

  /// The value of a variant.
  func value(of variant: String) -> JSONValue {
    variants.first { ExactText($0.name) == ExactText(variant) }?.value ?? .null
  }
}

extension RuleForm {
  fileprivate init(_ value: JSONValue) {
    name = value["name"]?.string ?? ""
    when = value["when"]
    share = value["share"].map { share in
      ShareForm(
        buckets: Int(share["buckets"]?.integer ?? 0),
        hash: .share(by: share["by"]?.string ?? "", seed: share["seed"]?.string ?? ""))
    }
    serve = ServeForm(value["serve"] ?? .null)
  }
}

extension ServeForm {
  fileprivate init(_ value: JSONValue) {
    let seed = value["seed"]?.string ?? ""
    let hash = HashKey.serve(by: value["by"]?.string ?? "", seed: seed)
    if let ranges = value["ranges"]?.array {
      let parts = ranges.map { range in
        ExcessMovement.Range(
          variant: range[0]?.string ?? "", from: Int(range[1]?.integer ?? 0), to: Int(range[2]?.integer ?? 0))
      }
      self = .ranges(parts, hash, seed: seed)
    } else if let ramp = value["ramp"] {
      let steps = (ramp["steps"]?.array ?? []).map { step in
        RampForm.Step(at: step[0]?.integer ?? 0, buckets: step[1]?.integer ?? 0)
      }
      self = .ramp(
        RampForm(
          variant: ramp["variant"]?.string ?? "", from: ramp["from"]?.string ?? "",
          isLinear: ramp["shape"]?.string == "linear", steps: steps), hash)
    } else {
      self = .variant(value["variant"]?.string ?? "")
    }
  }
}

extension JSONValue {
  /// The strings of a member that is a list of such.
  func strings(_ name: String) -> [String] { (self[name]?.array ?? []).compactMap(\.string) }
}
