internal import Ensign

/// What a flag is in flagd's language: the variant of everyone, and targeting for others.
struct FlagdTargeting: Hashable {
  /// The variant where targeting says `null`, or there is none.
  let defaultVariant: String
  /// An expression that gives a variant's name or `null`; nil when all get the default variant.
  let targeting: JSONValue?
  /// Whether flagd's own hash decides for some.
  let hasPercentages: Bool
}

/// Translates the flags of a snapshot.
///
/// What stands in several places, as a prerequisite of many flags does, is translated once and shared: what is written
/// in full grows exponentially, what is held in memory does not.
struct FlagdTranslator {
  private let flags: [String: JSONValue]
  private var conditions: FlagdConditions
  /// What other flags serve, as far as it was needed.
  private var served: [String: Served] = [:]
  /// Whether the flag at hand has percentages.
  private var hasPercentages = false

  private struct Served {
    /// A variant's name, or an expression that gives one.
    let value: JSONValue
    let hasPercentages: Bool
  }

  /// Reads a snapshot.
  init(_ snapshot: JSONValue) {
    flags = Dictionary((snapshot["flags"]?.object ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    conditions = FlagdConditions(snapshot)
  }

  /// A flag's default variant and targeting.
  mutating func targeting(of flag: JSONValue) throws(FlagdError) -> FlagdTargeting {
    hasPercentages = false
    let chain = try chain(of: flag)
    let expression = chain.expression(isWhole: true)
    guard expression.count(upTo: Self.maximumCount) <= Self.maximumCount else {
      throw FlagdError("its targeting has more than \(Self.maximumCount) parts")
    }
    // One variant for everybody, whatever the flag made of it.
    if let variant = expression.string {
      return FlagdTargeting(defaultVariant: variant, targeting: nil, hasPercentages: hasPercentages)
    }
    return FlagdTargeting(
      defaultVariant: chain.fallback.string ?? "", targeting: expression == .null ? nil : expression,
      hasPercentages: hasPercentages)
  }

  /// The most values that a flag's targeting is made of.
  private static let maximumCount = 250_000

  /// A flag as branches: first what switches it off, then targets and rules.
  private struct Chain {
    var branches: [(condition: JSONValue, value: JSONValue)] = []
    /// What is served where no branch holds: a variant's name, or an expression that gives one.
    var otherwise: JSONValue = .null
    /// The variant to name as the default.
    var fallback: JSONValue = .null

    /// - Parameter isWhole: whether `null` stands for the default variant, as at the end of a flag's targeting.
    func expression(isWhole: Bool) -> JSONValue {
      JSONLogic.firstOf(branches, otherwise: isWhole && otherwise == fallback ? .null : otherwise)
    }
  }

  private mutating func chain(of flag: JSONValue) throws(FlagdError) -> Chain {
    let off = flag["off"] ?? .null
    var chain = Chain()
    let isOn = JSONLogic.all([try isEnabled(flag), try meetsRequirements(flag)])
    chain.branches.append((JSONLogic.not(isOn), off))
    let who = JSONLogic.variable(Context.targetingKeyName)
    for target in flag["targets"]?.array ?? [] {
      chain.branches.append((JSONLogic.isOne(who, of: target["keys"]?.array ?? []), target["variant"] ?? off))
    }
    for rule in flag["rules"]?.array ?? [] { chain.branches.append(try branch(of: rule)) }
    let serve = flag["otherwise"] ?? .null
    chain.otherwise = JSONLogic.firstOf(
      [(try hasHashed(serve), try value(of: serve))], otherwise: off)
    chain.fallback = serve["variant"] ?? off
    // Switched off for everybody: the off variant is what there is.
    if isOn == .boolean(false) { return Chain(otherwise: off, fallback: off) }
    return chain
  }

  private func isEnabled(_ flag: JSONValue) throws(FlagdError) -> JSONValue {
    if let isEnabled = flag["enabled"]?.boolean { return .boolean(isEnabled) }
    var bounds: [JSONValue] = []
    if let from = flag["enabled"]?["from"]?.integer { bounds.append(try conditions.isNow(atLeast: from)) }
    if let until = flag["enabled"]?["until"]?.integer {
      bounds.append(JSONLogic.not(try conditions.isNow(atLeast: until)))
    }
    return JSONLogic.all(bounds)
  }

  /// Whether prerequisites serve what is required: flagd has none, so that their own targeting stands in their place.
  private mutating func meetsRequirements(_ flag: JSONValue) throws(FlagdError) -> JSONValue {
    var expressions: [JSONValue] = []
    for requirement in flag["requires"]?.array ?? [] {
      let served = try served(by: requirement["flag"]?.string ?? "")
      let variants = requirement["variants"]?.array ?? []
      expressions.append(
        served.string == nil ? JSONLogic.isOne(served, of: variants) : .boolean(variants.contains(served)))
    }
    return JSONLogic.all(expressions)
  }

  private mutating func served(by key: String) throws(FlagdError) -> JSONValue {
    if let known = served[key] {
      hasPercentages = hasPercentages || known.hasPercentages
      return known.value
    }
    let before = hasPercentages
    hasPercentages = false
    let value = try chain(of: flags[key] ?? .null).expression(isWhole: false)
    served[key] = Served(value: value, hasPercentages: hasPercentages)
    hasPercentages = hasPercentages || before
    return value
  }

  private mutating func branch(
    of rule: JSONValue
  ) throws(FlagdError) -> (condition: JSONValue, value: JSONValue) {
    let serve = rule["serve"] ?? .null
    var parts: [JSONValue] = []
    if let when = rule["when"] { parts.append(try conditions.expression(when)) }
    if let share = rule["share"] {
      let buckets = share["buckets"]?.integer ?? 0
      let hashed = try hash(share, separator: "/share/", [("in", buckets), ("out", Self.total - buckets)])
      parts += [try isHashed(share), JSONLogic.operation("===", hashed, "in")]
      hasPercentages = true
    }
    parts.append(try hasHashed(serve))
    return (JSONLogic.all(parts), try value(of: serve))
  }

  // MARK: What is served

  private static let total = Int64(Bucketing.count)

  /// A variant's name, or an expression that gives one.
  private mutating func value(of serve: JSONValue) throws(FlagdError) -> JSONValue {
    if let variant = serve["variant"] { return variant }
    hasPercentages = true
    if let ramp = serve["ramp"] { return try value(of: ramp, in: serve) }
    let ranges = (serve["ranges"]?.array ?? []).map { range in
      (range[0] ?? .null, (range[2]?.integer ?? 0) - (range[1]?.integer ?? 0))
    }
    return try hash(serve, separator: "/", ranges)
  }

  private func value(of ramp: JSONValue, in serve: JSONValue) throws(FlagdError) -> JSONValue {
    guard ramp["shape"] == "step" else { throw FlagdError("flagd has no ramps that rise steadily") }
    let (from, to) = (ramp["from"] ?? .null, ramp["variant"] ?? .null)
    var branches: [(condition: JSONValue, value: JSONValue)] = []
    for step in (ramp["steps"]?.array ?? []).reversed() {
      let buckets = step[1]?.integer ?? 0
      let value = try hash(serve, separator: "/", [(to, buckets), (from, Self.total - buckets)])
      branches.append((try conditions.isNow(atLeast: step[0]?.integer ?? 0), value))
    }
    return JSONLogic.firstOf(branches, otherwise: from)
  }

  /// flagd's choice by weights; just the variant where one has them all.
  private func hash(
    _ hashed: JSONValue, separator: String, _ weights: [(variant: JSONValue, weight: Int64)]
  ) throws(FlagdError) -> JSONValue {
    let weights = weights.filter { $0.weight > 0 }
    if weights.count == 1 { return weights[0].variant }
    let name = hashed["by"]?.string ?? ""
    let seed = (hashed["seed"]?.string ?? "") + separator
    let text = JSONLogic.operation("cat", .string(seed), JSONLogic.variable(name))
    let parts = weights.map { JSONValue.array([$0.variant, .integer($0.weight)]) }
    return .object([.init(key: "fractional", value: .array([text] + parts))])
  }

  /// Whether a context has what a serve hashes; true of one that hashes nothing.
  private func hasHashed(_ serve: JSONValue) throws(FlagdError) -> JSONValue {
    serve["by"] == nil ? true : try isHashed(serve)
  }

  private func isHashed(_ hashed: JSONValue) throws(FlagdError) -> JSONValue {
    let name = hashed["by"]?.string ?? ""
    switch conditions.type(of: name) {
    case "string", "integer", "boolean", "version", "ip": return JSONLogic.isPresent(JSONLogic.variable(name))
    case "": return JSONLogic.isPresent(JSONLogic.variable(name))
    case let type: throw FlagdError("'\(name)' is hashed, a \(type), of which flagd hashes other values than Ensign")
    }
  }
}

extension JSONValue {
  /// How many values this one is made of, itself included; counting ends when they are more than the limit.
  fileprivate func count(upTo limit: Int) -> Int {
    var count = 0
    var rest = [self]
    while count <= limit, let value = rest.popLast() {
      count += 1
      if let elements = value.array { rest += elements }
      if let members = value.object { rest += members.map(\.value) }
    }
    return count
  }
}
