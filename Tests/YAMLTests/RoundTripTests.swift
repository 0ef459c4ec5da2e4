import SeededRandom
import Testing
import YAML

/// A tree of values, and ways to write it.
private indirect enum Tree: Equatable {
  case scalar(String)
  case list([Tree])
  case mapping([Entry])

  struct Entry: Equatable {
    var key: String
    var value: Tree
  }

  init(_ node: Document.Node) {
    switch node.kind {
    case .scalar: self = .scalar(node.text)
    case .sequence: self = .list(node.elements.map(Tree.init))
    case .mapping: self = .mapping(node.entries.map { Entry(key: $0.key.text, value: Tree($0.value)) })
    }
  }
}

extension Tree {
  private static let alphabet = Array("abcXYZ012 .-_/:#,[]{}'\"\\&*!|>%@`?~\n\t\r\u{0}\u{7}\u{85}éß€日😀\u{2028}\u{FEFF}")

  static func text(_ random: inout SplitMix64) -> String {
    let length = Int.random(in: 0...12, using: &random)
    return String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? "a" })
  }

  static func random(depth: Int, _ random: inout SplitMix64) -> Tree {
    let width = Int.random(in: 0...5, using: &random)
    switch depth == 0 ? 0 : Int.random(in: 0...2, using: &random) {
    case 0: return .scalar(text(&random))
    case 1: return .list((0..<width).map { _ in .random(depth: depth - 1, &random) })
    default:
      return .mapping(
        (0..<width).map { Entry(key: "\($0)" + text(&random), value: .random(depth: depth - 1, &random)) })
    }
  }
}

/// Writes trees in a style that the random numbers choose, place by place, with comments and empty lines between.
private struct Printer {
  var random: SplitMix64

  mutating func document(_ tree: Tree) -> String {
    if let block = block(tree, indent: 0) { return "---\n" + block }
    return flow(tree, indent: 0) + noise()
  }

  /// A collection by indentation in lines of its own, or nil when that is not possible or not wanted.
  private mutating func block(_ tree: Tree, indent: Int) -> String? {
    guard Bool.random(using: &random) else { return nil }
    let margin = String(repeating: " ", count: indent)
    switch tree {
    case .list(let elements) where !elements.isEmpty:
      return elements.map { noise() + margin + "-" + value($0, indent: indent + 1) }.joined()
    case .mapping(let entries) where !entries.isEmpty:
      return entries.map { noise() + margin + scalar($0.key) + ":" + value($0.value, indent: indent + 1) }.joined()
    default: return nil
    }
  }

  /// What follows a `-` or a `key:`, with the line's end.
  private mutating func value(_ tree: Tree, indent: Int) -> String {
    let inner = indent + Int.random(in: 0...3, using: &random)
    if let block = block(tree, indent: inner) { return comment() + "\n" + block }
    if case .scalar(let text) = tree, let literal = literal(text, indent: inner) { return " " + literal }
    return " " + flow(tree, indent: inner) + comment() + "\n"
  }

  /// A block scalar, where the text can be one.
  private mutating func literal(_ text: String, indent: Int) -> String? {
    let isPlain = text.unicodeScalars.allSatisfy { isPrintable($0) || $0 == "\n" }
    guard isPlain, let first = text.first, first != " ", first != "\n", first != "\t", Bool.random(using: &random)
    else {
      return nil
    }
    let margin = String(repeating: " ", count: indent + 1)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var chomping = "-"
    if lines.last == "" {
      chomping = ""
      lines.removeLast()
      // With more empty lines at the end the text would take in those that stand below it.
      guard lines.last != "" else { return nil }
    }
    return "|\(chomping)\(comment())\n" + lines.map { margin + $0 + "\n" }.joined()
  }

  private mutating func flow(_ tree: Tree, indent: Int) -> String {
    // A line inside brackets must be indented more than the collection around them.
    let gap = Int.random(in: 0...5, using: &random) == 0 ? "\n" + String(repeating: " ", count: indent + 1) : " "
    switch tree {
    case .scalar(let text): return scalar(text)
    case .list(let elements):
      return "[" + elements.map { flow($0, indent: indent) + "," }.joined(separator: gap) + "]"
    case .mapping(let entries):
      return "{" + entries.map { scalar($0.key) + ": " + flow($0.value, indent: indent) }.joined(separator: "," + gap)
        + "}"
    }
  }

  private mutating func scalar(_ text: String) -> String {
    let choice = Int.random(in: 0...2, using: &random)
    let letters = text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic }
    if choice == 0, letters, !text.isEmpty { return text }
    if choice == 1, text.unicodeScalars.allSatisfy(isPrintable) {
      return "'" + text.replacing("'", with: "''") + "'"
    }
    return "\"" + text.unicodeScalars.map { escaped($0) }.joined() + "\""
  }

  private mutating func escaped(_ scalar: UnicodeScalar) -> String {
    let digits = String(scalar.value, radix: 16)
    switch scalar {
    case "\"", "\\": return "\\\(scalar)"
    case "\n": return "\\n"
    case "\0": return "\\0"
    case _ where !isPrintable(scalar) || Int.random(in: 0...9, using: &random) == 0:
      return "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    default: return String(scalar)
    }
  }

  private func isPrintable(_ scalar: UnicodeScalar) -> Bool {
    scalar.value >= 0x20 && !["\u{85}", "\u{2028}", "\u{FEFF}"].contains(scalar)
  }

  private mutating func comment() -> String { Int.random(in: 0...3, using: &random) == 0 ? "  # a: [comment" : "" }

  private mutating func noise() -> String {
    ["", "", "", "\n", "# - comment: {\n", "  # 'comment\n\n"].randomElement(using: &random) ?? ""
  }
}

@Suite("Round trips")
struct RoundTripTests {
  @Test("what is printed in any style is read back", arguments: UInt64(0)..<300)
  func roundTrip(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let tree = Tree.random(depth: 4, &random)
    guard tree != .scalar("") else { return }
    var printer = Printer(random: random)
    var text = printer.document(tree)
    if seed % 3 == 0 { text = text.replacing("\n", with: "\r\n") }
    if seed % 5 == 0 { text = "\u{FEFF}" + text }
    let (document, errors) = Document.parse(Array(text.utf8))
    #expect(errors.isEmpty, "\(text)")
    let root = try #require(document).root
    #expect(Tree(root) == tree, "\(text)")
    checkInvariants(root)
  }
}
