import Foundation
import SeededRandom
import Testing

@testable import Ensign

@Suite("JSON")
struct JSONTests {
  @Test(arguments: [
    ("", 0, "value is expected"), (" ", 1, "value is expected"), ("{", 1, "member's name"),
    ("[", 1, "value is expected"),
    ("[1", 2, "expected “,” or “]”"), ("[1,]", 3, "expected a value"), ("{\"a\":1,}", 7, "member's name"),
    ("{\"a\" 1}", 5, "expected “:”"), ("{\"a\":1 \"b\":2}", 7, "expected “,” or “}”"), ("{a:1}", 1, "member's name"),
    ("nul", 0, "expected a value"), ("True", 0, "expected a value"), ("01", 0, "leading zero"), ("-", 1, "a digit"),
    ("-01", 1, "leading zero"), ("1.", 2, "decimal point"), (".5", 0, "expected a value"),
    ("+1", 0, "expected a value"),
    ("1e", 2, "exponent"), ("1e400", 0, "too large"), ("-1e400", 0, "too large"), ("NaN", 0, "expected a value"),
    ("1 2", 2, "after the document"), ("{} x", 3, "after the document"), ("\"a", 0, "does not end"),
    ("\"\\", 1, "does not end"), ("\"\\x\"", 1, "unknown escape"), ("\"\\u12\"", 1, "hexadecimal"),
    ("\"\\u12g4\"", 1, "hexadecimal"), ("\"\\ud800\"", 1, "surrogate"), ("\"\\udc00\"", 1, "surrogate"),
    ("\"\\ud800\\u0041\"", 1, "surrogate"), ("\"a\u{1}\"", 2, "control character"), ("\"a\nb\"", 2, "control"),
    ("\u{feff}{}", 0, "byte order mark"), ("{\"a\":1,\"a\":2}", 7, "“a” stands twice"),
    ("{\"b\":1,\"a\":{},\"b\":2}", 14, "“b” stands twice"), ("{\"a\":1,\"\\u0061\":2}", 7, "“a” stands twice"),
    ("[1,,2]", 3, "expected a value"), ("{\"a\":}", 5, "expected a value"), ("[}", 1, "expected a value"),
    ("\u{a0}1", 0, "expected a value"), ("[1}", 2, "expected “,” or “]”"),
  ])
  func refused(_ text: String, offset: Int, message: String) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    #expect(error?.offset == offset)
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }

  @Test(
    arguments: [
      [0x22, 0x80, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xc1, 0xbf, 0x22], [0x22, 0xe0, 0x9f, 0xbf, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22], [0x22, 0xf0, 0x8f, 0xbf, 0xbf, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xf5, 0x80, 0x80, 0x80, 0x22], [0x22, 0xe2, 0x82, 0x22], [0x22, 0xe2, 0x82], [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22, 0x22], [0x22, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x61, 0x80, 0x22],
    ] as [[UInt8]])
  func invalidUTF8(_ bytes: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    #expect(error?.message == "invalid UTF-8")
  }

  @Test func depth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(try JSONValue(parsing: nested(64)).canonicalBytes.count == 128)
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: nested(65)) }
    #expect(error?.offset == 64)
    #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
    let objects = String(repeating: "{\"a\":", count: 65) + "1" + String(repeating: "}", count: 65)
    #expect(throws: JSONError.self) { try JSONValue(parsing: objects) }
  }

  @Test func positionsCountScalars() {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "{\n\"日本\": é}") }
    #expect(error?.line == 2)
    #expect(error?.column == 7)
    #expect(error?.description == "2:7: expected a value")
  }

  @Test func size() {
    #expect(throws: JSONError.self) { try JSONReader.read(Array("[1,2,3]".utf8), maximumSize: 6) }
  }

  @Test func values() throws {
    #expect(
      try JSONValue(
        parsing: " {\"a\" : [1, -0, 1.5, 1e2, \"\\u00e9\\ud83d\\ude00\\n\\/\"], \"b\": {}, \"c\": [], \"d\": null }")
        == .object([
          .init(
            key: "a", value: .array([.integer(1), .integer(0), .number(1.5), .number(100), .string("é😀\n/")])),
          .init(key: "b", value: .object([])), .init(key: "c", value: .array([])), .init(key: "d", value: .null),
        ]))
    #expect(try JSONValue(parsing: "9007199254740991") == .integer(9_007_199_254_740_991))
    #expect(try JSONValue(parsing: "9007199254740993") == .number(9_007_199_254_740_992))
    #expect(try JSONValue(parsing: "123456789012345678901") == .number(1.2345678901234568e20))
    #expect(try JSONValue(parsing: String(repeating: "9", count: 308)).number?.isFinite == true)
    #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "9", count: 310)) }
    #expect(try JSONReader.read(Array("-9223372036854775808".utf8)).integer(at: 0) == .min)
    #expect(try JSONReader.read(Array("9223372036854775807".utf8)).integer(at: 0) == .max)
    #expect(try JSONReader.read(Array("9223372036854775808".utf8)).integer(at: 0) == nil)
    #expect(try JSONReader.read(Array("-9223372036854775809".utf8)).integer(at: 0) == nil)
  }

  /// Names that look the same, and are not: Swift's strings would be equal.
  @Test func namesAreBytes() throws {
    #expect(try JSONValue(parsing: "{\"e\u{301}\":1,\"\u{e9}\":2}").object?.count == 2)
    #expect(try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}").object?.count == 2)
  }

  @Test("the order of UTF-16, not of UTF-8")
  func order() {
    let names = ["", "\r", "1", "A", "a", "aa", "\u{80}", "ö", "€", "😀", "\u{e000}", "\u{fb33}", "\u{fffd}"]
    for (i, left) in names.enumerated() {
      for (j, right) in names.enumerated() {
        #expect(CanonicalJSON.precedes(left, right) == (i < j))
        #expect(CanonicalJSON.precedes(left, right) == Array(left.utf16).lexicographicallyPrecedes(Array(right.utf16)))
      }
    }
  }

  @Test("what is written reads back", arguments: UInt64(0)..<200)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let value = Self.value(depth: 0, &random)
    let bytes = value.canonicalBytes
    let again = try JSONValue(parsing: bytes)
    #expect(again.canonicalBytes == bytes)
    #expect(try Self.foundation(bytes) == Self.foundation(again.canonicalBytes))
  }

  /// Every beginning of a document is refused, and no byte changed by chance makes the reader fail otherwise than by
  /// an error.
  @Test("damaged documents", arguments: UInt64(0)..<100)
  func damaged(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let bytes = JSONValue.array([Self.value(depth: 0, &random)]).canonicalBytes
    for length in bytes.indices { #expect(throws: JSONError.self) { try JSONReader.read(Array(bytes[..<length])) } }
    for _ in 0..<50 {
      var changed = bytes
      changed[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      if let value = try? JSONValue(parsing: changed) {
        #expect(try JSONValue(parsing: value.canonicalBytes).canonicalBytes == value.canonicalBytes)
      }
    }
  }

  static func foundation(_ bytes: [UInt8]) throws -> NSObject? {
    try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) as? NSObject
  }

  static func value(depth: Int, _ random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth < 4 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .boolean(.random(using: &random))
    case 2: return .integer(.random(in: JSONValue.integers, using: &random))
    case 3:
      let number = Double(bitPattern: random.next())
      return .number(number.isFinite ? number : 0.1)
    case 4, 5: return .string(text(&random))
    case 6: return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in value(depth: depth + 1, &random) })
    default:
      var names: Set<[UInt8]> = []
      let members = (0..<Int.random(in: 0..<6, using: &random)).compactMap { _ -> JSONValue.Member? in
        let key = text(&random)
        guard names.insert(Array(key.utf8)).inserted else { return nil }
        return JSONValue.Member(key: key, value: value(depth: depth + 1, &random))
      }
      return .object(members)
    }
  }

  static func text(_ random: inout SplitMix64) -> String {
    let alphabet = Array("abcXYZ0129 \"\\/\u{8}\u{c}\n\r\t\u{1}\u{1f}\u{7f}éöß€日😀\u{fffd}\u{e000}".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<20, using: &random) { text.append(alphabet.randomElement(using: &random) ?? "x") }
    return String(text)
  }
}
