import FlagSource
import SeededRandom
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  static let names = ["validate", "compile", "eval", "explain", "list", "show", "new flag", "on", "off"]

  @Test(
    "is what was meant",
    arguments: [
      ("vlidate", "validate"), ("Validate", "validate"), ("compiel", "compile"), ("evla", "eval"), ("shwo", "show"),
      ("newflag", "new flag"), ("val", "validate"), ("COMP", "compile"), ("expl", "explain"), ("new", "new flag"),
    ])
  func suggests(_ written: String, _ meant: String) {
    #expect(NearestName.find(written, among: Self.names) == meant)
  }

  @Test("is nothing when nothing is near", arguments: ["", "x", "serve", "zzzzzz", String(repeating: "a", count: 500)])
  func staysSilent(_ written: String) {
    #expect(NearestName.find(written, among: Self.names) == nil)
  }

  @Test("is the only one that begins with what was typed, if that is three letters or more")
  func beginnings() {
    let names = ["production", "staging", "development", "dev-eu"]
    #expect(NearestName.find("prod", among: names) == "production")
    #expect(NearestName.find("Stag", among: names) == "staging")
    // Two begin so, and neither is near; or too little was typed to be sure.
    #expect(NearestName.find("dev", among: names) == nil)
    #expect(NearestName.find("pr", among: names) == nil)
    // One of two is near.
    #expect(NearestName.find("dev-e", among: names + ["dev-europe"]) == "dev-eu")
    #expect(NearestName.find("prod", among: names + ["Prod"]) == "Prod")
  }

  @Test("among equally near ones is the first")
  func ties() {
    #expect(NearestName.find("cart-x", among: ["cart-b", "cart-a"]) == "cart-b")
  }
}

extension NearestNameTests {
  /// The distance as its definition has it, for short names.
  private static func distance(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    guard let last = left.last, let other = right.last else { return max(left.count, right.count) }
    var best = min(
      distance(left.dropLast(), right) + 1, distance(left, right.dropLast()) + 1,
      distance(left.dropLast(), right.dropLast()) + (last == other ? 0 : 1))
    if left.count > 1, right.count > 1, last == right.dropLast().last, left.dropLast().last == other {
      best = min(best, distance(left.dropLast(2), right.dropLast(2)) + 1)
    }
    return best
  }

  @Test(
    "is the only one that begins so, or the first of the nearest by the definition of the distance",
    arguments: UInt64(0)..<100)
  func agreesWithDefinition(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func name() -> String {
      String((0..<Int.random(in: 1...6, using: &random)).map { _ in "aBcd".randomElement(using: &random) ?? "a" })
    }
    let typed = name()
    let known = (0..<20).map { _ in name() }
    func bytes(_ name: String) -> ArraySlice<UInt8> { Array(name.lowercased().utf8)[...] }
    var best: (name: String, distance: Int)?
    for name in known {
      let distance = Self.distance(bytes(typed), bytes(name))
      guard distance <= max(1, max(typed.utf8.count, name.utf8.count) / 3) else { continue }
      if distance < best?.distance ?? .max { best = (name, distance) }
    }
    let begun = known.filter { typed.count >= 3 && $0.lowercased().hasPrefix(typed.lowercased()) }
    #expect(NearestName.find(typed, among: known) == (begun.count == 1 ? begun[0] : best?.name))
  }
}
