import Foundation
import Testing

@testable import Ensign

@Suite("Contexts")
struct ContextTests {
  @Test func literals() {
    var context: Context = [
      "targetingKey": "user-1", "country": "DE", "age": 30, "score": 1.5, "beta": true, "groups": ["a", "b"],
    ]
    #expect(context.targetingKey == "user-1")
    #expect(context["age"] == .integer(30))
    #expect(context["score"] == .number(1.5))
    #expect(context["beta"] == .boolean(true))
    #expect(context["groups"] == .list(["a", "b"]))
    #expect(context["nothing"] == nil)
    context["age"] = nil
    context["country"] = "FR"
    #expect(context["age"] == nil)
    #expect(context["country"] == "FR")
    #expect(context.names == ["beta", "country", "groups", "score", "targetingKey"])
    context.targetingKey = nil
    #expect(context.targetingKey == nil)
    #expect(Context(targetingKey: "u", ["a": 1])["a"] == .integer(1))
    #expect(Context(targetingKey: "u").targetingKey == "u")
  }

  @Test func theLaterValueCounts() throws {
    let context: Context = ["country": "DE", "country": "FR"]
    #expect(context["country"] == "FR")
    #expect(context.names == ["country"])
    let snapshot = try Snapshot(Array(Self.document.utf8))
    #expect(snapshot.boolean("french", in: context, default: false))
    #expect(snapshot.boolean("french", in: snapshot.prepare(context), default: false))
  }

  /// Names are bytes: Swift's strings would be equal.
  @Test func namesThatLookAlike() {
    let context: Context = ["\u{e9}": 1, "e\u{301}": 2]
    #expect(context["\u{e9}"] == .integer(1))
    #expect(context["e\u{301}"] == .integer(2))
    #expect(context.names.count == 2)
  }

  @Test func json() throws {
    let text =
      #"{"targetingKey":"u","company":{"id":"c","size":{"staff":12}},"n":1.0,"i":-3,"big":1234567890123456789,"#
      + #""huge":12345678901234567890,"b":false,"l":["x"],"none":null,"empty":{},"now.x":1}"#
    let context = try Context(json: Array(text.utf8))
    #expect(context["company.id"] == "c")
    #expect(context["company.size.staff"] == .integer(12))
    #expect(context["n"] == .number(1))
    #expect(context["i"] == .integer(-3))
    #expect(context["big"] == .integer(1_234_567_890_123_456_789))
    #expect(context["huge"] == .number(12_345_678_901_234_567_168))
    #expect(context["b"] == .boolean(false))
    #expect(context["l"] == .list(["x"]))
    #expect(context["none"] == nil)
    #expect(context.names.count == 10)
  }

  @Test(arguments: [
    ("[]", "", "object"), ("{", "", "1:2"), (#"{"now":"2026-01-01T00:00:00Z"}"#, "now", "moment"),
    (#"{"a":[1]}"#, "a", "strings only"), (#"{"a":{"b":[["x"]]}}"#, "a.b", "strings only"),
    (#"{"a":{"b":1},"a.b":2}"#, "a.b", "twice"), (#"{"a":1,"a":2}"#, "", "twice"),
  ])
  func refusedJSON(_ text: String, attribute: String, message: String) {
    let error = #expect(throws: ContextError.self) { try Context(json: Array(text.utf8)) }
    #expect(error?.attribute == attribute)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func sizeOfJSON() {
    let text = "{\"a\":\"" + String(repeating: "x", count: Context.maximumSize) + "\"}"
    #expect(throws: ContextError.self) { try Context(json: Array(text.utf8)) }
  }

  @Test("a prepared context is good for any snapshot, and for changes")
  func preparation() throws {
    let one = try Snapshot(Array(Self.document.utf8))
    let other = try Snapshot(Array(Self.document.replacing("FR", with: "DE").utf8))
    var context = one.prepare(["country": "FR", "targetingKey": "u"])
    #expect(one.boolean("french", in: context, default: false))
    #expect(!other.boolean("french", in: context, default: true))
    context["country"] = "DE"
    #expect(!one.boolean("french", in: context, default: true))
    #expect(other.boolean("french", in: other.prepare(context), default: false))
    context = one.prepare(context)
    context.now = Timestamp(milliseconds: 0)
    #expect(context["country"] == "DE")
    #expect(context.targetingKey == "u")
  }

  @Test("more attributes than slots at hand, and long texts")
  func manyAttributes() throws {
    let count = 40
    let attributes = (0..<count).map { "\"a\($0)\":\"string\"" }.joined(separator: ",")
    let tests = (0..<count).map { "{\"attribute\":\"a\($0)\",\"op\":\"endsWith\",\"values\":[\"\($0)\"]}" }
    let document = """
      {"attributes":{\(attributes)},"environment":"e","flags":{"f":{"enabled":true,"off":"off",\
      "otherwise":{"variant":"off"},"rules":[{"name":"r","serve":{"variant":"on"},\
      "when":{"all":[\(tests.joined(separator: ",")),\(tests.joined(separator: ","))]}}],\
      "type":"boolean","variants":{"off":false,"on":true}}},"format":1,"minimumReader":1,"project":"p"}
      """
    let snapshot = try Snapshot(Array(document.utf8))
    var context = Context()
    for index in 0..<count { context["a\(index)"] = .string(String(repeating: "x", count: 300 * index) + "\(index)") }
    #expect(snapshot.boolean("f", in: context, default: false))
    #expect(snapshot.boolean("f", in: snapshot.prepare(context), default: false))
    context["a39"] = "40"
    #expect(!snapshot.boolean("f", in: context, default: true))
  }

  @Test("many threads evaluate one snapshot and one context at once")
  func threads() throws {
    let snapshot = try Snapshot(RandomSnapshotFixture.bytes)
    let contexts = RandomSnapshotFixture.contexts
    let expected = contexts.map { snapshot.evaluateAll(in: $0) }
    let prepared = contexts.map { snapshot.prepare($0) }
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for index in contexts.indices {
        let context = thread % 2 == 0 ? prepared[index] : contexts[index]
        #expect(snapshot.evaluateAll(in: context) == expected[index])
      }
    }
  }

  static let document = """
    {"attributes":{"country":"string"},"environment":"e","flags":{"french":{"enabled":true,"off":"off",\
    "otherwise":{"variant":"off"},"rules":[{"name":"r","serve":{"variant":"on"},"when":{"attribute":"country",\
    "op":"in","values":["FR"]}}],"type":"boolean","variants":{"off":false,"on":true}}},"format":1,\
    "minimumReader":1,"project":"p"}
    """
}

private enum RandomSnapshotFixture {
  static let bytes: [UInt8] = {
    var random = RandomSnapshot(seed: 7)
    return random.snapshot().canonicalBytes
  }()
  static let contexts: [Context] = {
    var random = RandomSnapshot(seed: 8)
    return (0..<30).map { _ in random.context() }
  }()
}
