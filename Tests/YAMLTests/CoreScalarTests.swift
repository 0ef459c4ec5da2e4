import Testing
import YAML

@Suite("Core schema")
struct CoreScalarTests {
  /// The table of YAML 1.2.2, section 10.3.2, with what its regular expressions accept and just do not accept.
  static let table: [(String, CoreScalar)] = [
    ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string), ("~~", .string),
    ("true", .bool(true)), ("True", .bool(true)), ("TRUE", .bool(true)), ("tRUE", .string), ("t", .string),
    ("false", .bool(false)), ("False", .bool(false)), ("FALSE", .bool(false)), ("falsey", .string),
    ("on", .string), ("off", .string), ("yes", .string), ("no", .string), ("NO", .string), ("y", .string),
    ("0", .integer(0)), ("-0", .integer(0)), ("+12", .integer(12)), ("012", .integer(12)), ("-19", .integer(-19)),
    ("0o14", .integer(12)), ("0o18", .string), ("0o", .string), ("-0o7", .string), ("0O7", .string),
    ("0x3A", .integer(58)), ("0xfF", .integer(255)), ("0x", .string), ("0xg", .string), ("+0x1", .string),
    ("0x+1", .string), ("0o-1", .string), ("0X1", .string), ("0b1", .string),
    ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("0x7FFFFFFFFFFFFFFF", .integer(.max)),
    ("0x8000000000000000", .number(9_223_372_036_854_775_808)),
    ("1_000", .string), ("12:30", .string), ("12:30:45", .string), ("0.", .number(0)), ("-0.0", .number(0)),
    (".5", .number(0.5)), ("+.5", .number(0.5)), (".", .string), ("+", .string), ("-", .string), ("--1", .string),
    ("12e03", .number(12000)), ("-2E+05", .number(-200_000)), ("1e-7", .number(1e-7)), ("1e", .string),
    ("1e+", .string), ("e1", .string), (".e1", .string), ("1.e1", .number(10)), ("1.10", .number(1.1)),
    ("1.2.3", .string), ("1e999", .number(.infinity)), ("1e-999", .number(0)),
    (".inf", .number(.infinity)), ("-.Inf", .number(-.infinity)), ("+.INF", .number(.infinity)), (".iNF", .string),
    ("inf", .string), ("nan", .string), ("+.nan", .string), ("infinity", .string), ("0x1p3", .string),
    ("2027-03-01", .string), ("2026-12-01T09:00:00Z", .string), ("<<", .string), ("=", .string),
    ("１", .string), ("1 2", .string), ("1٠", .string),
  ]

  @Test("plain scalars mean what the specification says", arguments: table)
  func plain(_ text: String, _ expected: CoreScalar) throws {
    #expect(CoreScalar(plain: text) == expected)
    guard text != "-" else { return }  // A dash alone begins an element.
    let document = try #require(Document.parse(Array("{a: \(text)\n}".utf8)).document)
    #expect(document.root.entries.first { _ in true }?.value.value == expected)
  }

  @Test("nan is a number")
  func nan() {
    for text in [".nan", ".NaN", ".NAN"] {
      guard case .number(let number) = CoreScalar(plain: text) else {
        Issue.record("\(text) is no number")
        continue
      }
      #expect(number.isNaN)
    }
  }

  @Test("quoted and block scalars are strings", arguments: ["'1'", "\"true\"", "|\n 1", ">-\n null", "''"])
  func quoted(_ text: String) throws {
    #expect(try #require(Document.parse(Array("- \(text)\n".utf8)).document).root.elements.map(\.value) == [.string])
  }

  @Test("collections are strings to the schema, and empty as a text")
  func collections() throws {
    let root = try #require(Document.parse(Array("{a: [b]}".utf8)).document).root
    #expect(root.value == .string)
    #expect(root.text.isEmpty)
    #expect(!root.textEquals(""))
    #expect(root.count == 1)
    #expect(root.elements.map(\.text).isEmpty)
    let list = try #require(root.entries.first { $0.key.textEquals("a") }).value
    #expect(list.count == 1)
    #expect(list.entries.map(\.key.text).isEmpty)
    #expect(list.elements.map(\.text) == ["b"])
  }
}
