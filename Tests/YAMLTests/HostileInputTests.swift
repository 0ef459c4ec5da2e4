import Glibc
import Testing
import YAML

/// The seconds that this thread has computed, whatever else the machine does.
private func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Input of 100 KB made to be slow: libyaml alone takes half a minute for some of it.
@Suite("Hostile input", .serialized)
struct HostileInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var bytes: [UInt8]

    init(_ description: String, _ text: String) {
      testDescription = description
      bytes = Array(text.utf8)
    }

    init(repeating text: String) {
      self.init("many \(text.debugDescription)", String(repeating: text, count: 100_000 / text.utf8.count))
    }
  }

  static let cases =
    [
      "[", "{", "- ", "? ", "&a ", "!!a ", "!!a", "\"", "'", "[\n", "{\n", "{a: ", "[a, ", "a: ", ": ", "- - ", "*a ",
      "%a ",
      "---\n", "...\n", "|\n", "a\n", "a ", "\n", " ", "#", "#\n", "]", "}", ",", "\\", "\"\\", "a: [", "? [", "- {",
      "- [\n", "{? ", "[? ", "a:\n", "- a\n", "a: b\n", "'' ", "\"\" ", "é", "\u{10FFFF}", "\t", "\r\n", "%TAG ! a:\n",
      "!<a> ", "&a\n", "!a\n", "? a\n", "[]", "[],", "{},", "x: |\n  a\n",
    ].map(Case.init(repeating:)) + [
      Case("a long key", String(repeating: "k", count: 100_000) + ": v"),
      Case("a long quoted key", "\"" + String(repeating: "k", count: 100_000) + "\": v"),
      Case("a long line of pairs", "{" + String(repeating: "a: b, ", count: 16_000) + "}"),
      Case("deeper and deeper blocks", (0..<440).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
      Case("deeper and deeper lists", (0..<440).map { String(repeating: " ", count: $0) + "-\n" }.joined()),
      Case("a long block scalar", "a: |\n" + String(repeating: "  text\n", count: 14_000)),
      Case("a block scalar of empty lines", "a: |\n" + String(repeating: "\n", count: 100_000)),
      Case("a long folded text", "a: \"" + String(repeating: "text\n\n  ", count: 12_000) + "\""),
      Case("escapes", "\"" + String(repeating: "\\x41", count: 25_000) + "\""),
      Case("many different keys", (0..<10_000).map { "key\($0): 1\n" }.joined()),
      Case("many equal keys", String(repeating: "a: 1\n", count: 20_000)),
      Case("many equal keys on one line", "{" + String(repeating: "a: 1,", count: 20_000) + "}"),
      Case("tags on one line", "[" + String(repeating: "!a b,", count: 20_000) + "]"),
      Case("block scalars in many lines", String(repeating: "- |\n\n\n\n\n\n", count: 10_000)),
    ]

  @Test("ends soon", arguments: cases)
  func endsSoon(_ hostile: Case) {
    let started = processorTime()
    let (document, errors) = Document.parse(hostile.bytes)
    #expect(document != nil || !errors.isEmpty)
    // Optimised it is 20 ms at most; this is no measurement, but must hold in any build under any sanitizer.
    #expect(processorTime() - started < 2)
  }
}
