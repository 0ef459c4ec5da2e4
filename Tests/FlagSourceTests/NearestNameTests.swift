import FlagSource
import Testing

@Suite("The nearest name")
struct NearestNameTests {
  static let names = ["validate", "compile", "eval", "explain", "list", "show", "new flag", "on", "off"]

  @Test(
    "is what was meant",
    arguments: [
      ("vlidate", "validate"), ("Validate", "validate"), ("compiel", "compile"), ("evla", "eval"), ("shwo", "show"),
      ("newflag", "new flag"),
    ])
  func suggests(_ written: String, _ meant: String) {
    #expect(NearestName.find(written, among: Self.names) == meant)
  }

  @Test("is nothing when nothing is near", arguments: ["", "x", "serve", "zzzzzz", String(repeating: "a", count: 500)])
  func staysSilent(_ written: String) {
    #expect(NearestName.find(written, among: Self.names) == nil)
  }

  @Test("among equally near ones is the first")
  func ties() {
    #expect(NearestName.find("cart-x", among: ["cart-b", "cart-a"]) == "cart-b")
  }
}
