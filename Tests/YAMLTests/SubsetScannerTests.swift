import Foundation
import SeededRandom
import Testing

@testable import YAML

/// The scanner of the most frequent forms against libyaml: whatever it accepts, libyaml reads as the same tree.
@Suite("The scanner and libyaml")
struct SubsetScannerTests {
  /// Whether the scanner accepts a text; if so, the tree must be libyaml's.
  private func isAccepted(_ bytes: [UInt8]) -> Bool {
    let scanned = unsafe bytes.withUnsafeBytes { bytes in
      let source = unsafe SourceText(bytes)
      return source.firstUnacceptable() == nil ? SubsetScanner(source, limits: Limits()).document() : nil
    }
    guard let scanned else { return false }
    let (document, errors) = Document.parse(bytes, by: .libyaml)
    let isSame = errors.isEmpty && document?.records == scanned.records && document?.text == scanned.text
    #expect(isSame, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    return true
  }

  private func isAccepted(_ text: String) -> Bool { isAccepted(Array(text.utf8)) }

  @Test(
    "accepts what people write",
    arguments: [
      "a: b\n", "a: b", "a:\n", "a:", "- a\n- b\n", "-\n-", "- - a\n  - b\n-\n  - c\n",
      "- a: b\n  c: d\n-   e: f\n    g:\n",
      "a:\n  b:\n    c: d\n  e: f\ng: h\n", "a:\n- b\n- c: d\n  e:\n  - f\ng: h\n", "a:\n  - b\n  -\n",
      "\n# a\n\n  # b\na: b # c\n#d",
      "---\na: b\n", "--- # a\n- b\n", "a: [b, c d, \"e\", 'f', [], {}, {g: h}, -1]\n",
      "a: {b: c, 'd': [e], \"f\": \"\", g: {h: i}}\n",
      "a: []  # b\nc: { d: e }\n", "a: [ b , c, ]\n", "\"a b\": 'c''d'\n'e': \"f\\\"\\\\\\n\\t\\/\"\n", "a b : c  d\n",
      "a: b#c:d,[e]{f}&*!|>'\"%@`?-\n",
      "a: -b\nc: d\ne: f\n",
      "é: 日本 # ß\nä: [\"😀\", 'é', ö]\nb: {é: ü}\n",
      "a: 2026-01-01T00:00:00Z\nb: http://c.d/e?f=g#h\n", "  a: b\n  c: d\n", "\u{FEFF}a: b\n", "<<: a\n", "a: '\\'\n",
      "- -1\n- --- \n", "a: {b: 10:20:30Z, c: d::e, f: [g:h, \"i\"]}\n",
    ])
  func accepts(text: String) { #expect(isAccepted(text), "\(text)") }

  @Test(
    "leaves to libyaml what is another form, or a mistake",
    arguments: [
      "", "\n", "# a\n", "a", "a b", "\"a\"", "[a]", "{a: b}", "---\n", "--- a\n", "---\n---\na: b\n", "a: b\n---\n",
      "a: b\n...\n", "...\n",
      "%YAML 1.2\n---\na: b\n", "a: |\n  b\n", "a: >-\n  b\n", "a: b\n  c\n", "a:\n  b\n", "a: b: c\n", "a: b\n c: d\n",
      "  a: b\nc: d\n",
      "a:\n    b: c\n  d: e\n", "- a\nb: c\n", "a: b\n- c\n", "a: - b\n", "a: &b c\n", "a: *b\n", "a: !b c\n", "? a\n",
      "a: ? b\n", "a: [b\n  ]\n",
      "a: [b: c]\n", "a: {b}\n", "a: {b: }\n", "a: {b: c}: d\n", "a: [b]c\n", "a: [b] # c\n  d\n", "a: [,]\n",
      "a: [b #c]\n", "a: {b:c}\n", "a: {b:, c}\n", "a: [b:[c]]\n", "a: [b:?]\n", "a: \"b\n", "a: 'b\n",
      "a: \"\\x41\"\n", "a: \"b\" c\n", "\"a\" b: c\n", "a: b\na: c\n", "a: {b: c, 'b': d}\n", "a:\tb\n", "a: b\t\n",
      "\ta: b\n", "a: b\r\n", "a: @b\n", "a: `b\n", "a: %b\n",
      "[a]: b\n", "{a: b}: c\n", "a: ]\n", "a: ,b\n", "a: [-]\n", "a: [- b]\n", "a: \"b\"#c\n", "a: [b]#c\n",
    ])
  func declines(text: String) { #expect(!isAccepted(text), "\(text)") }

  @Test(
    "agree on every text of a few characters",
    arguments: ["ab: -\n", "a: -#\n", "a:-[], \n", "a:'{}\" \n", "a:{},? ", "- é:\n#", "a.-? :\n"])
  func short(alphabet: String) {
    let characters = alphabet.map { Array(String($0).utf8) }
    let length = Effort.isThorough ? 7 : 5
    var accepted = 0
    var digits = Array(repeating: 0, count: length)
    var rest = true
    while rest {
      if isAccepted(digits.flatMap { characters[$0] }) { accepted += 1 }
      rest = false
      for place in digits.indices.reversed() {
        digits[place] += 1
        if digits[place] < characters.count {
          rest = true
          break
        }
        digits[place] = 0
      }
    }
    #expect(accepted > 100)
  }

  /// What flags are made of, and what stands between.
  private static let pieces = [
    "a", "b", "key", "'c'", "\"d\"", "é", ":", ": ", ": ", ": ", "- ", "- ", "-", "\n", "\n", "\n", "\n", "\n", " ",
    " ", "  ", "  ", "    ", "#", " # e",
    "[", "]", "{", "}", ", ", ",", "---", "...", "?", "''", "\\", "\"", "'", "1", "true", "|", ">", "&", "*", "!", "%",
    "\t", "\r\n",
  ]

  @Test("agree on random texts", arguments: UInt64(0)..<20)
  func random(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var accepted = 0
    for _ in 0..<(Effort.isThorough ? 5_000 : 1_000) {
      let count = Int.random(in: 1...24, using: &random)
      let text = (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
      if isAccepted("k:" + text) { accepted += 1 }
    }
    #expect(accepted > 0)
  }

  private static let flagsFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "flags")

  private static func flagsFiles() throws -> [[UInt8]] {
    let found = FileManager.default.enumerator(at: flagsFolder, includingPropertiesForKeys: nil)
    let urls = (found?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == "yaml" }
    return try urls.sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
  }

  @Test("agree on the flags tree and on what comes of it by small changes", arguments: UInt64(0)..<10)
  func changed(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let files = try Self.flagsFiles()
    #expect(files.count > 40)
    #expect(files.count { isAccepted($0) } * 10 > files.count * 9)
    var accepted = 0
    for _ in 0..<(Effort.isThorough ? 50 : 10) {
      for file in files {
        var bytes = file
        for _ in 0...Int.random(in: 0...2, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0...3, using: &random) {
          case 0: bytes.remove(at: place)
          case 1: bytes.insert(contentsOf: (Self.pieces.randomElement(using: &random) ?? "").utf8, at: place)
          case 2: bytes[place] = bytes[Int.random(in: 0..<bytes.count, using: &random)]
          default: bytes.replaceSubrange(place..<min(place + 9, bytes.count), with: [])
          }
          if bytes.isEmpty { bytes = [0x20] }
        }
        if isAccepted(bytes) { accepted += 1 }
      }
    }
    #expect(accepted > files.count)
  }

  @Test(
    "agree on long keys, which YAML has of 1,024 characters at most",
    arguments: ["KEY: v\n", "- KEY: v\n", "a: {KEY: v}\n", "'KEY': v\n", "a:\n  \"KEY\" : v\n"], ["k", "é"])
  func longKeys(form: String, letter: String) {
    var accepted = 0
    for length in [1, 900] + (980...1040) {
      if isAccepted(form.replacing("KEY", with: String(repeating: letter, count: length))) { accepted += 1 }
    }
    #expect(accepted >= 2)
    for text in ["a: LONG\n", "- LONG\n", "a: [LONG, 'LONG', LONG]\n"] {
      #expect(isAccepted(text.replacing("LONG", with: String(repeating: letter, count: 5000))))
    }
  }

  @Test("have the same limits", arguments: 1...6)
  func limits(number: Int) {
    let texts = ["a: [[[b]]]\n", "a:\n  b:\n    c:\n    - d\n", "- - - - a\n", "a: {b: c, d: e}\nf: g\n"]
    for text in texts {
      for limits in [Limits(depth: number), Limits(nodes: number * 2)] {
        let fastest = Document.parse(Array(text.utf8), limits: limits)
        let libyaml = Document.parse(Array(text.utf8), limits: limits, by: .libyaml)
        #expect(fastest.errors.map(\.code) == libyaml.errors.map(\.code), "\(text)")
        #expect(fastest.document?.records == libyaml.document?.records, "\(text)")
      }
    }
  }
}
