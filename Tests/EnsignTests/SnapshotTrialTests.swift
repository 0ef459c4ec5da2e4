import SeededRandom
import Testing

@testable import Ensign

@Suite("Proving that snapshots load, part by part")
struct SnapshotTrialTests {
  /// The strings, numbers and words of the document, where they stand.
  private static let scalars: [Range<Int>] = {
    guard let tape = try? JSONReader.read(Array(SnapshotTests.document.utf8)) else { return [] }
    return tape.tokens.compactMap { token in
      switch token.kind {
      case .string, .integer, .number: token.offset..<token.offset + token.extent
      case .yes: token.offset..<token.offset + 4
      case .no: token.offset..<token.offset + 5
      case .null, .array, .object: nil
      }
    }
  }()

  @Test(
    "what is refused is what is refused of the whole, for a document with a word in another's place",
    arguments: UInt64(0)..<600)
  func exchangedWords(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var bytes = Array(SnapshotTests.document.utf8)
    let from = try #require(Self.scalars.randomElement(using: &random))
    let to = try #require(Self.scalars.randomElement(using: &random))
    bytes.replaceSubrange(to, with: bytes[from])
    // It compares the two.
    _ = try? SnapshotTests.load(bytes)
  }

  @Test("what is refused is what is refused of the whole, for a document with another byte", arguments: UInt64(0)..<400)
  func exchangedBytes(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    var bytes = Array(SnapshotTests.document.utf8)
    let place = Int.random(in: bytes.indices, using: &random)
    bytes[place] = try #require(bytes.randomElement(using: &random))
    _ = try? SnapshotTests.load(bytes)
  }

  @Test("a flag that requires one of a part that is still to come")
  func forwardRequirements() throws {
    let flags = (0..<9).map { index in
      let requires = index < 8 ? "\"requires\":[{\"flag\":\"f\(index + 1)\",\"variants\":[\"on\"]}]," : ""
      return "\"f\(index)\":{\"enabled\":true,\"off\":\"off\",\"otherwise\":{\"variant\":\"on\"},\(requires)"
        + "\"type\":\"boolean\",\"variants\":{\"off\":false,\"on\":true}}"
    }
    let text = """
      {"environment":"e","flags":{\(flags.joined(separator: ","))},"format":1,"minimumReader":1,"project":"p"}
      """
    #expect(try SnapshotTests.load(Array(text.utf8)).boolean("f0", in: [:], default: false))
    // The last part is the first that shows it.
    let error = #expect(throws: SnapshotError.self) {
      try SnapshotTests.load(
        Array((text.split(separator: "\"off\":false,\"on\"").joined(separator: "\"off\":false,\"no\"")).utf8))
    }
    #expect(error?.message == "the flag has no variant “on”")
  }

  @Test("flags in no order, which require each other", arguments: UInt64(0)..<20)
  func flagsInNoOrder(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let keys = (0..<40).map { "f\($0)" }.shuffled(using: &random)
    let flags = keys.indices.map { index in
      // Of later ones only, so that nothing goes in a circle.
      let required = index + 1 < keys.count ? keys[(index + 1)...].randomElement(using: &random) : nil
      let requires = required.map { "\"requires\":[{\"flag\":\"\($0)\",\"variants\":[\"on\"]}]," } ?? ""
      return "\"\(keys[index])\":{\"enabled\":true,\"off\":\"off\",\"otherwise\":{\"variant\":\"on\"},\(requires)"
        + "\"type\":\"boolean\",\"variants\":{\"off\":false,\"on\":true}}"
    }
    let text = """
      {"environment":"e","flags":{\(flags.joined(separator: ","))},"format":1,"minimumReader":1,"project":"p"}
      """
    let snapshot = try SnapshotTests.load(Array(text.utf8))
    #expect(snapshot.boolean(keys[0], in: [:], default: false))
    let unknown = #expect(throws: SnapshotError.self) {
      try SnapshotTests.load(Array(text.replacing("[{\"flag\":\"f", with: "[{\"flag\":\"g").utf8))
    }
    #expect(unknown?.message.hasPrefix("the snapshot has no flag “g") == true)
  }

  @Test("a flag that requires one whose key looks the same and has other bytes")
  func lookalikes() throws {
    let text = """
      {"environment":"e","flags":{"K":{"enabled":true,"off":"off","otherwise":{"variant":"on"},"type":"boolean",\
      "variants":{"off":false,"on":true}},"a":{"enabled":true,"off":"off","otherwise":{"variant":"on"},\
      "requires":[{"flag":"K","variants":["on"]}],"type":"boolean","variants":{"off":false,"on":true}}},"format":1,\
      "minimumReader":1,"project":"p"}
      """
    _ = try SnapshotTests.load(Array(text.utf8))
    let kelvin = text.replacing("\"flag\":\"K\"", with: "\"flag\":\"\u{212A}\"")
    #expect(throws: SnapshotError.self) { try SnapshotTests.load(Array(kelvin.utf8)) }
  }

  @Test("flags that were announced otherwise")
  func announcements() throws {
    let parts = SnapshotParts(Array(SnapshotTests.document.utf8), partsOf: 1)
    #expect(parts.keys == ["a", "b"])
    var swapped = try SnapshotTrial(frame: parts.frame, flags: ["b", "a"])
    #expect(throws: SnapshotError.self) { try swapped.add(parts.parts[0]) }
    var short = try SnapshotTrial(frame: parts.frame, flags: ["a"])
    try short.add(parts.parts[0])
    #expect(throws: SnapshotError.self) { try short.add(parts.parts[1]) }
    let twice = #expect(throws: SnapshotError.self) {
      let trial = try SnapshotTrial(frame: parts.frame, flags: ["a", "a"])
      try trial.finish()
    }
    #expect(twice?.message == "the member “a” stands twice")
  }

  @Test("parts that are too large together")
  func size() throws {
    // Blanks, which no reader gets to see: the size is looked at first.
    let parts = SnapshotParts(Array(SnapshotTests.document.utf8), partsOf: 1)
    var trial = try SnapshotTrial(frame: parts.frame, flags: parts.keys)
    let part = [UInt8](repeating: UInt8(ascii: " "), count: SnapshotLimits.size)
    let error = #expect(throws: SnapshotError.self) { try trial.add(part) }
    #expect(error?.message == "the document has more than \(SnapshotLimits.size) bytes")
  }
}
