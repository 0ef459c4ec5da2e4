@testable import Ensign
@testable import FlagImpact

/// Asks the evaluator which segments a context is in: each as a flag of its own.
struct MembershipProbe {
  private let probe: Snapshot
  private let keys: Set<String>

  init(_ bytes: [UInt8], _ keys: Set<String>) throws {
    self.keys = keys
    let probes = keys.map { key in
      JSONValue.Member(
        key: "probe-\(key)",
        value: [
          "enabled": true, "off": "no", "otherwise": ["variant": "no"],
          "rules": [["name": "r", "serve": ["variant": "yes"], "when": ["segment": [.string(key)]]]],
          "type": "boolean", "variants": ["no": false, "yes": true],
        ])
    }
    let members = (try JSONValue(parsing: bytes).object ?? []).map {
      $0.key == "flags" ? .init(key: "flags", value: .object(probes)) : $0
    }
    probe = try Snapshot(JSONValue.object(members).canonicalBytes)
  }

  func segments(of context: Context) -> Set<String> {
    keys.filter { probe.boolean("probe-\($0)", in: context, default: false) }
  }
}

extension Membership {
  /// Whether it is true of a context that is in these segments before, and in those after.
  func holds(_ segments: [Set<String>]) -> Bool {
    let (before, after) = (segments[0].contains(segment), segments[1].contains(segment))
    switch kind {
    case .member: return after
    case .stranger: return !after
    case .newcomer: return !before && after
    case .leaver: return before && !after
    }
  }
}
