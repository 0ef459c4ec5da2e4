import FlagSource
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  static let names = ["validate", "compile", "eval", "explain", "list", "show", "new flag", "on", "off"]

  @Test(
    "is what was meant",
    arguments: [
      ("vlidate", "validate"), ("Validate", "validate"), ("compiel", "compile"), ("evla", "eval"), ("shwo", "show"),
      ("expl", "explain"), ("valid", "validate"), ("ofn", "off"), ("newflag", "new flag"),
    ])
  func suggests(_ written: String, _ meant: String) {
    #expect(NearestName.of(written, among: Self.names) == meant)
  }

  @Test("is nothing when nothing is near", arguments: ["", "x", "serve", "zzzzzz", String(repeating: "a", count: 500)])
  func staysSilent(_ written: String) {
    #expect(NearestName.of(written, among: Self.names) == nil)
  }

  @Test("does not depend on the order of the candidates")
  func isStable() {
    let close = ["cart-a", "cart-b", "cart-c"]
    #expect(NearestName.of("cart-x", among: close) == "cart-a")
    #expect(NearestName.of("cart-x", among: close.reversed()) == "cart-a")
  }
}
