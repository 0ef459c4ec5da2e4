import Testing

@testable import Ensign

@Suite("Value grammars")
struct GrammarTests {
  // The order of SemVer 2.0 section 11, and what the specification does not show: long numbers, hyphens.
  static let ascendingVersions = [
    "0.0.0-0", "0.0.0", "0.0.1", "0.9.0", "0.10.0", "1.0.0--", "1.0.0--1", "1.0.0-0a", "1.0.0-alpha", "1.0.0-alpha.1",
    "1.0.0-alpha.1.0", "1.0.0-alpha.2", "1.0.0-alpha.10", "1.0.0-alpha.99999999999999999999999", "1.0.0-alpha.beta",
    "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1",
    "18446744073709551615.0.0", "18446744073709551616.0.0",
  ]

  @Test func versionsAreOrdered() throws {
    let versions = try Self.ascendingVersions.map { text throws in try SemanticVersion(text) }
    for (i, left) in versions.enumerated() {
      for (j, right) in versions.enumerated() {
        #expect((left < right) == (i < j), "\(left) \(right)")
        #expect((left == right) == (i == j))
      }
    }
  }

  @Test func buildMetadataDoesNotCount() throws {
    #expect(try SemanticVersion("1.2.3-rc.1+build.007") == SemanticVersion("1.2.3-rc.1"))
    #expect(try SemanticVersion("1.2.3+a").description == "1.2.3")
  }

  @Test(arguments: [
    ("", 0), ("1", 1), ("1.", 2), ("1.2", 3), ("1.2.", 4), ("01.2.3", 0), ("1.02.3", 2), ("1.2.3.4", 5), ("v1.2.3", 0),
    ("1.2.3-", 6), ("1.2.3-a..b", 8), ("1.2.3-01", 6), ("1.2.3+", 6), ("1.2.3+a_b", 7), ("1.2.3 ", 5), ("-1.2.3", 0),
    ("1.2.3-é", 6), ("1.2.٣", 4),
  ])
  func malformedVersions(_ text: String, offset: Int) {
    let error = #expect(throws: GrammarError.self) { try SemanticVersion(text) }
    #expect(error?.offset == offset)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"),
    ("2026-12-01T09:00:00Z", 1_796_115_600_000, "2026-12-01T09:00:00Z"),
    ("2026-12-01T10:00:00.25+01:00", 1_796_115_600_250, "2026-12-01T09:00:00.250Z"),
    ("2026-12-01t03:30:00.1239-05:30", 1_796_115_600_123, "2026-12-01T09:00:00.123Z"),
    ("1969-12-31T23:59:59.999z", -1, "1969-12-31T23:59:59.999Z"),
    ("0000-01-01T00:00:00Z", -62_167_219_200_000, "0000-01-01T00:00:00Z"),
    ("0000-02-29T12:00:00Z", -62_162_078_400_000, "0000-02-29T12:00:00Z"),
    ("9999-12-31T23:59:59.999Z", 253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
    ("2000-02-29T00:00:00-00:00", 951_782_400_000, "2000-02-29T00:00:00Z"),
    ("2016-12-31T23:59:60Z", 1_483_228_800_000, "2017-01-01T00:00:00Z"),
    ("2016-12-31T15:59:60.5-08:00", 1_483_228_800_500, "2017-01-01T00:00:00.500Z"),
  ])
  func timestamps(_ text: String, milliseconds: Int64, canonical: String) throws {
    let timestamp = try Timestamp(text)
    #expect(timestamp.milliseconds == milliseconds)
    #expect(timestamp.description == canonical)
    #expect(try Timestamp(canonical) == timestamp)
  }

  @Test(arguments: [
    "", "2026-12-01", "2026-12-01T", "2026-12-01T09:00:00", "2026-12-01 09:00:00Z", "2026-12-01T09:00Z",
    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z", "2026-12-01T24:00:00Z", "2026-12-01T09:60:00Z", "2026-12-01T09:00:61Z",
    "2026-12-01T09:00:60Z", "2016-12-30T23:59:60Z", "2026-12-01T09:00:00.Z", "2026-12-01T09:00:00+0100",
    "2026-12-01T09:00:00+24:00", "2026-12-01T09:00:00+01:60", "2026-12-01T09:00:00Zjunk", "26-12-01T09:00:00Z",
    "0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "+2026-12-01T09:00:00Z",
  ])
  func malformedTimestamps(_ text: String) {
    #expect(throws: GrammarError.self) { try Timestamp(text) }
  }

  @Test func everyDayHasItsText() throws {
    var milliseconds = Timestamp.range.lowerBound
    var days = 0
    while milliseconds <= Timestamp.range.upperBound {
      let timestamp = Timestamp(milliseconds: milliseconds)
      if days % 97 == 0 { #expect(try Timestamp(timestamp.description) == timestamp) }
      milliseconds += 86_400_000
      days += 1
    }
    #expect(days == 3_652_425)
  }

  @Test func theClockIsNotStopped() {
    #expect(Timestamp.now() > Timestamp(milliseconds: 1_700_000_000_000))
  }

  @Test(arguments: [
    ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("192.0.2.1", "192.0.2.1"), ("::", "::"),
    ("::1", "::1"), ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
    ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"), ("1:2:3:4:5:6::8", "1:2:3:4:5:6:0:8"), ("0:0:1::", "0:0:1::"),
    ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::FFFF:C000:201", "::ffff:192.0.2.1"), ("::1.2.3.4", "::102:304"),
    ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("fe80::", "fe80::"),
  ])
  func addresses(_ text: String, canonical: String) throws {
    let address = try IPAddress(text)
    #expect(address.description == canonical)
    #expect(try IPAddress(canonical) == address)
    #expect(address.isVersion6 == text.contains(":"))
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4 ", "1.2.3.0004",
    ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::",
    "g::", "fe80::1%eth0", "1:", ":1", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4:5", "1.2.3.4::", "::1.2.3.4.5",
    "::01.2.3.4",
  ])
  func malformedAddresses(_ text: String) {
    #expect(throws: GrammarError.self) { try IPAddress(text) }
  }

  @Test func networks() throws {
    #expect(try IPNetwork("10.0.0.0/8").contains(IPAddress("10.255.0.1")))
    #expect(try !IPNetwork("10.0.0.0/8").contains(IPAddress("11.0.0.0")))
    #expect(try !IPNetwork("10.0.0.0/8").contains(IPAddress("::ffff:10.0.0.1")))
    #expect(try IPNetwork("0.0.0.0/0").contains(IPAddress("203.0.113.9")))
    #expect(try !IPNetwork("0.0.0.0/0").contains(IPAddress("::")))
    #expect(try IPNetwork("2001:db8::/33").contains(IPAddress("2001:db8:7fff::1")))
    #expect(try !IPNetwork("2001:db8::/33").contains(IPAddress("2001:db8:8000::1")))
    #expect(try IPNetwork("192.0.2.1").description == "192.0.2.1/32")
    #expect(try IPNetwork("2001:DB8::1").description == "2001:db8::1/128")
    #expect(try IPNetwork("::/0").contains(IPAddress("ffff::")))
    #expect(try IPNetwork("192.0.2.1/32").contains(IPAddress("192.0.2.1")))
    let error = #expect(throws: GrammarError.self) { try IPNetwork("10.1.2.3/8") }
    #expect(error?.message.contains("10.0.0.0/8") == true)
  }

  @Test(arguments: ["10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "::/129", "10.0.0.1/8", "/8", "::1/0"])
  func malformedNetworks(_ text: String) {
    #expect(throws: GrammarError.self) { try IPNetwork(text) }
  }

  @Test(arguments: [
    ("0", 0, "0"), ("100", 100_000, "100"), ("100.000", 100_000, "100"), ("0.001", 1, "0.001"), ("57", 57_000, "57"),
    ("33.333", 33_333, "33.333"), ("12.5", 12_500, "12.5"), ("12.50", 12_500, "12.5"), ("0.05", 50, "0.05"),
  ])
  func percentages(_ text: String, buckets: Int, canonical: String) throws {
    #expect(try Percentage(text).buckets == buckets)
    #expect(try Percentage(text).description == canonical)
  }

  @Test func everyPercentageReadsBack() throws {
    for buckets in 0...100_000 {
      #expect(try Percentage(Percentage(buckets: buckets).description).buckets == buckets)
    }
  }

  @Test(arguments: [
    "", "-1", "+1", "1e1", "100.001", "101", "1000", "99999999999999999999", "1.2345", ".5", "5.", "05", "5%",
  ])
  func malformedPercentages(_ text: String) {
    #expect(throws: GrammarError.self) { try Percentage(text) }
  }

  @Test func patterns() throws {
    #expect(try RegularExpression("^a+$").matches("aaa"))
    #expect(try !RegularExpression("^a+$").matches("aab"))
    #expect(try RegularExpression("b").matches("abc"))
    #expect(try RegularExpression("ÄB", ignoreCase: true).matches("xäbx"))
    #expect(try !RegularExpression("ÄB").matches("xäbx"))
    #expect(try RegularExpression("").matches(""))
    #expect(try RegularExpression("^.$").matches("日"))
    let error = #expect(throws: GrammarError.self) { try RegularExpression("a(b") }
    #expect(error?.message.contains("missing )") == true)
    #expect(throws: GrammarError.self) { try RegularExpression("(a)\\1") }
    #expect(throws: GrammarError.self) { try RegularExpression(String(repeating: "a", count: 4097)) }
  }

  @Test("a pattern that takes exponential time elsewhere") func patternsAreLinear() throws {
    let pattern = try RegularExpression("^(a+)+$")
    #expect(!pattern.matches(String(repeating: "a", count: 100_000) + "b"))
  }

  @Test(arguments: [
    ("ABCxyz[`{@", "abcxyz[`{@"), ("ÄÖÜ", "äöü"), ("ẞ", "ß"), ("ΣΑΣ", "σασ"), ("ς", "σ"), ("K", "k"), ("Ⱥ", "ⱥ"),
    ("İ", "İ"), ("ı", "ı"), ("ſ", "s"), ("Ꭰ", "Ꭰ"), ("ꭰ", "Ꭰ"), ("𐐀", "𐐨"), ("日本", "日本"), ("", ""), ("Ǆǅ", "ǆǆ"),
  ])
  func folding(_ text: String, folded: String) {
    #expect(Array(CaseFolding.fold(text).utf8) == Array(folded.utf8))
  }
}
