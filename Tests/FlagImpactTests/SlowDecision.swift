@testable import Ensign
@testable import FlagImpact

/// Decides a flag for buckets that are given hash by hash: the design's steps over the snapshot's JSON.
///
/// Conditions are asked of the evaluator, each as a flag of its own.
struct SlowDecision {
  let snapshot: JSONValue
  let context: Context
  let verdicts: [[UInt8]: Bool]

  init(_ bytes: [UInt8], _ context: Context) throws {
    snapshot = try JSONValue(parsing: bytes)
    self.context = context
    var conditions: [[UInt8]: JSONValue] = [:]
    for flag in snapshot["flags"]?.object ?? [] {
      for rule in flag.value["rules"]?.array ?? [] {
        if let when = rule["when"] { conditions[when.canonicalBytes] = when }
      }
    }
    var verdicts: [[UInt8]: Bool] = [:]
    var probes: [JSONValue.Member] = []
    let sorted = conditions.keys.sorted { $0.lexicographicallyPrecedes($1) }
    for (index, key) in sorted.enumerated() {
      probes.append(
        .init(
          key: "probe-\(index)",
          value: [
            "enabled": true, "off": "no", "otherwise": ["variant": "no"],
            "rules": [["name": "r", "serve": ["variant": "yes"], "when": conditions[key] ?? .null]], "type": "boolean",
            "variants": ["no": false, "yes": true],
          ]))
    }
    let members = (snapshot.object ?? []).map { $0.key == "flags" ? .init(key: "flags", value: .object(probes)) : $0 }
    let probe = try Snapshot(JSONValue.object(members).canonicalBytes)
    for (index, key) in sorted.enumerated() {
      verdicts[key] = probe.boolean("probe-\(index)", in: context, default: false)
    }
    self.verdicts = verdicts
  }

  /// Every hash that a flag or its prerequisites may ask, with the buckets at which something may change.
  func hashes(of flag: String) -> [String: Set<Int>] {
    var hashes: [String: Set<Int>] = [:]
    guard let flag = snapshot["flags"]?[flag] else { return hashes }
    for rule in flag["rules"]?.array ?? [] {
      if let share = rule["share"] {
        hashes[Self.name(share, "/share/"), default: [0]].insert(Self.integer(share["buckets"]))
      }
      if let serve = rule["serve"] { collect(serve, into: &hashes) }
    }
    if let serve = flag["otherwise"] { collect(serve, into: &hashes) }
    for requirement in flag["requires"]?.array ?? [] {
      hashes.merge(self.hashes(of: requirement["flag"]?.string ?? "")) { $0.union($1) }
    }
    return hashes
  }

  private func collect(_ serve: JSONValue, into hashes: inout [String: Set<Int>]) {
    guard serve["variant"] == nil else { return }
    let cuts = (serve["ranges"]?.array ?? []).map { Self.integer($0[2]) } + (serve["ramp"].map { [ramped($0)] } ?? [])
    hashes[Self.name(serve, "/"), default: [0]].formUnion(cuts)
  }

  private static func integer(_ value: JSONValue?) -> Int { Int(value?.integer ?? 0) }
  private static func name(_ value: JSONValue, _ separator: String) -> String {
    (value["by"]?.string ?? "") + "|" + (value["seed"]?.string ?? "") + separator
  }

  private func ramped(_ ramp: JSONValue) -> Int {
    let now = context.now?.milliseconds ?? 0
    let steps = ramp["steps"]?.array ?? []
    guard let index = steps.lastIndex(where: { ($0[0]?.integer ?? 0) <= now }) else { return 0 }
    let buckets = Self.integer(steps[index][1])
    guard ramp["shape"]?.string == "linear", index + 1 < steps.count else { return buckets }
    let (from, to) = (steps[index][0]?.integer ?? 0, steps[index + 1][0]?.integer ?? 0)
    return buckets + (Self.integer(steps[index + 1][1]) - buckets) * Int(now - from) / Int(to - from)
  }

  func variant(_ key: String, _ buckets: [String: Int]) -> String {
    guard let flag = snapshot["flags"]?[key] else { return "" }
    let off = flag["off"]?.string ?? ""
    let now = context.now?.milliseconds ?? 0
    switch flag["enabled"] {
    case .boolean(false): return off
    case .object:
      guard (flag["enabled"]?["from"]?.integer ?? .min) <= now, now < (flag["enabled"]?["until"]?.integer ?? .max)
      else {
        return off
      }
    default: break
    }
    for requirement in flag["requires"]?.array ?? [] {
      let served = variant(requirement["flag"]?.string ?? "", buckets)
      guard requirement["variants"]?.array?.contains(.string(served)) == true else { return off }
    }
    for target in flag["targets"]?.array ?? [] {
      if let key = context.targetingKey,
        target["keys"]?.array?.contains(where: { $0.string.map { ExactText($0) == ExactText(key) } ?? false }) == true
      {
        return target["variant"]?.string ?? ""
      }
    }
    for rule in flag["rules"]?.array ?? [] {
      if let when = rule["when"], verdicts[when.canonicalBytes] != true { continue }
      if let share = rule["share"] {
        guard isHashable(share), (buckets[Self.name(share, "/share/")] ?? 0) < Self.integer(share["buckets"]) else {
          continue
        }
      }
      if let served = serve(rule["serve"] ?? .null, buckets) { return served }
    }
    return serve(flag["otherwise"] ?? .null, buckets) ?? off
  }

  private func isHashable(_ value: JSONValue) -> Bool {
    let by = value["by"]?.string ?? ""
    switch context[by] {
    case .string, .integer, .boolean: return by != "now"
    case .number, .list, .timestamp, nil: return false
    }
  }

  private func serve(_ serve: JSONValue, _ buckets: [String: Int]) -> String? {
    if let variant = serve["variant"]?.string { return variant }
    guard isHashable(serve) else { return nil }
    let bucket = buckets[Self.name(serve, "/")] ?? 0
    if let ramp = serve["ramp"] { return (bucket < ramped(ramp) ? ramp["variant"] : ramp["from"])?.string }
    return serve["ranges"]?.array?.first { bucket < Self.integer($0[2]) }?[0]?.string
  }
}
