import Testing

@testable import ensign

@Suite("explain")
struct ExplanationTests {
  static let words = [
    "explain", "checkout-v2", "-e", "production", "-c", "targetingKey=user-7", "country=DE", "plan=premium",
    "appVersion=2.4.0", "company.id=acme", "--now", "2026-11-21T00:00:00Z",
  ]

  @Test("shows every step")
  func trace() throws {
    let outcome = run(Self.words)
    #expect(outcome.status == 0, "\(outcome)")
    try expectRecorded(outcome.output, "explain/checkout-v2.txt")
  }

  @Test("shows the same as JSON")
  func json() throws {
    try expectRecorded(run(Self.words + ["--format", "json"]).output, "explain/checkout-v2.json")
  }

  @Test("colours what holds and what does not")
  func colour() {
    let output = run(Self.words + ["--color", "always"]).output
    #expect(output.contains("\u{1B}[32m  ✓ rule eu-premium: decides\u{1B}[0m\n"))
    #expect(output.contains("\u{1B}[1;31m  ✗ rule employees: "))
  }

  @Test("needs a flag that is there")
  func refusals() {
    #expect(ensign("explain", "-e", "production").messages.contains("explain needs a FLAG"))
    let outcome = ensign("explain", "chekout-v2", "-e", "production")
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("did you mean 'checkout-v2'?"))
  }

  @Test("lets no text of the context command the terminal")
  func escapes() {
    let outcome = run(["explain", "checkout-v2", "-e", "production", "-c", "{\"targetingKey\":\"\\u001b[31m\"}"])
    #expect(outcome.status == 0)
    #expect(!outcome.output.contains("\u{1B}"))
  }
}
