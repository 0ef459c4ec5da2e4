import Ensign
import SeededRandom

/// A random context for a ``RandomTree``: values that its conditions look for, others, ones of a wrong type, none at all.
struct RandomContext: CustomStringConvertible {
  private(set) var attributes: [String: JSONValue] = [:]
  let now: Timestamp

  init(_ random: inout SplitMix64) {
    let noise: [JSONValue] = [
      .boolean(true), .integer(7), .number(1.5), .string("x"), .array([.string("beta"), .string("y")]),
    ]
    let choices: [(String, [JSONValue])] = [
      ("targetingKey", RandomTree.users.map { .string($0) }),
      ("country", (RandomTree.countries + ["ZZ", "de"]).map { .string($0) }),
      ("word", (RandomTree.words + ["STRASSE", "kelvin", "ΣΊΣΥΦΟΣ", "elves"]).map { .string($0) }),
      ("groups", [.array([]), .array([.string("beta")]), .array(RandomTree.groups.map { .string($0) })]),
      ("age", [.integer(0), .integer(17), .integer(18), .number(65), .number(17.5), .integer(9_007_199_254_740_991)]),
      ("cartTotal", [.integer(0), .number(-1.5), .number(99.99), .integer(100), .number(0.1), .number(1e300)]),
      ("beta", [.boolean(true), .boolean(false)]),
      ("appVersion", (RandomTree.versions + ["1.10.0+z", "1.0.0-rc.11", "1.2"]).map { .string($0) }),
      ("signedUpAt", (RandomTree.instants + ["2026-01-01T00:00:00.001Z", "yesterday"]).map { .string($0) }),
      ("ip", (RandomTree.addresses + ["10.255.0.1", "192.168.0.4", "2001:db9::", "nowhere"]).map { .string($0) }),
      ("company.id", [.string("acme"), .string("ümlaut"), .integer(-5), .boolean(true), .number(2.5), .array([])]),
    ]
    for (name, values) in choices where !random.chance(name == "targetingKey" ? 8 : 25) {
      attributes[name] = random.chance(8) ? random.pick(noise) : random.pick(values)
    }
    // The first step of a ramp, between two of them, and beside the instants that conditions ask for.
    now = Timestamp(
      milliseconds: random.pick([
        1_700_000_000_000, 1_767_225_599_999, 1_767_225_600_000, 1_770_000_000_000, 1_780_315_200_500,
        1_790_000_000_123,
        1_798_779_600_000, 1_900_000_000_000,
      ]))
  }

  /// The context as a service says it.
  var context: Context {
    var context = Context()
    for (name, value) in attributes {
      context[name] =
        switch value {
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .number(let value): .number(value)
        case .string(let value): .string(value)
        case .array(let elements): .list(elements.compactMap(\.string))
        case .null, .object: nil
        }
    }
    context.now = now
    return context
  }

  var description: String { "\(attributes.sorted { $0.key < $1.key }) at \(now)" }
}
