import FlagSource
import Testing
import YAML

@testable import FlagReview

@Suite("Parts of conditions as written")
struct WrittenConditionTests {
  /// The text of the one part of a condition, in flow style, that compiles to some JSON; nil when there is none.
  private static func part(of condition: String, compiling json: String) throws -> String? {
    let path = "environments/production/new-cart.yaml"
    let line = "    when: \(condition)"
    let text = "enabled: true\nrules:\n  - name: some\n\(line)\n    serve: on\notherwise: off\n"
    let validation = try Validation.run(
      MemoryFiles(Rule.Example.base + [(path, text)]), today: try #require(CalendarDate(text: "2026-06-01")))
    let tree = try #require(validation.checked?.tree)
    let config = try #require(tree.config(of: "new-cart", in: "production"))
    let when = try #require(config.rules.first?.when)
    guard let part = WrittenCondition.place(of: Array(json.utf8), in: when) else { return nil }
    #expect(part.start.line == 4 && part.end.line == 4)
    let scalars = Array(line.unicodeScalars)
    var found = String.UnicodeScalarView()
    found.append(contentsOf: scalars[Int(part.start.column) - 1..<Int(part.end.column) - 1])
    return String(found)
  }

  @Test(
    "are found by what they compile to",
    arguments: [
      ("{country: DE, plan: premium}", #"{"attribute":"plan","op":"in","values":["premium"]}"#, "premium"),
      (
        "{all: [{country: DE}, {plan: pro}]}", #"{"attribute":"country","op":"in","values":["DE"]}"#, "DE"
      ),
      ("{age: {atLeast: 18, lessThan: 30}}", #"{"attribute":"age","op":"lessThan","values":[30]}"#, "lessThan: 30"),
      ("{email: {endsWith: [.example, .test]}}", #"{"attribute":"email","op":"endsWith","values":[".test"]}"#, ".test"),
      ("{any: [{segment: staff}, {beta: true}]}", #"{"segment":["staff"]}"#, "staff"),
      ("{not: {country: GB}}", #"{"attribute":"country","op":"in","values":["GB"]}"#, "GB"),
    ])
  func found(_ condition: String, _ json: String, _ expected: String) throws {
    let part = try #require(try Self.part(of: condition, compiling: json))
    #expect(part.hasSuffix(expected), "\(part)")
  }

  @Test("are not guessed where the same stands twice, or nowhere")
  func ambiguous() throws {
    let twice = "{any: [{all: [{country: DE}, {plan: pro}]}, {all: [{country: DE}, {beta: true}]}]}"
    #expect(try Self.part(of: twice, compiling: #"{"attribute":"country","op":"in","values":["DE"]}"#) == nil)
    #expect(try Self.part(of: twice, compiling: #"{"attribute":"country","op":"in","values":["FR"]}"#) == nil)
  }
}
