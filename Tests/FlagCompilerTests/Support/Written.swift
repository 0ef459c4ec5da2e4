import SeededRandom

/// A YAML value as a test means it, apart from how it is spelled.
indirect enum Written {
  /// A scalar that must read as it stands: a number, a boolean, a name, an instant.
  case plain(String)
  /// A scalar that must read as this string.
  case text(String)
  case list([Written], order: Order = .free)
  case map([(String, Written)], order: Order = .free)

  /// Whether another order of the entries means the same.
  enum Order { case free, counts }

  static func texts(_ texts: [String]) -> Written { .list(texts.map { .text($0) }) }
  static func plains(_ names: [String]) -> Written { .list(names.map { .plain($0) }) }
}

/// Prints YAML: with a generator in one of the many spellings of the same meaning, without in one of them.
struct YAMLPrinter {
  private var random: SplitMix64?
  private var output = ""

  /// The text of a file.
  static func print(_ value: Written, random: inout SplitMix64?) -> String {
    var printer = YAMLPrinter(random: random)
    if printer.chance(30) { printer.output += "# A comment at the top.\n" }
    printer.block(value, indent: 0, atLineStart: true)
    random = printer.random
    return printer.output
  }

  private init(random: SplitMix64?) { self.random = random }

  private mutating func chance(_ percent: Int) -> Bool { random?.chance(percent) ?? false }

  private mutating func ordered<Element>(_ elements: [Element], _ order: Written.Order) -> [Element] {
    guard order == .free, var generator = random else { return elements }
    defer { random = generator }
    return elements.shuffled(using: &generator)
  }

  /// Prints a value in block style from the present place on; ends with a line end.
  private mutating func block(_ value: Written, indent: Int, atLineStart: Bool) {
    switch value {
    case .map(let entries, let order) where !entries.isEmpty && !chance(20):
      if !atLineStart { output += "\n" }
      let width = chance(30) ? indent + 1 : indent
      for (key, value) in ordered(entries, order) {
        noise(width)
        output += String(repeating: " ", count: width) + scalar(key) + ":"
        child(value, indent: width + 2)
      }
    case .list(let elements, let order) where !elements.isEmpty && !chance(40):
      if !atLineStart { output += "\n" }
      for element in ordered(elements, order) {
        noise(indent)
        output += String(repeating: " ", count: indent) + "-"
        child(element, indent: indent + 2)
      }
    default:
      if !atLineStart { output += " " }
      flow(value)
      if chance(15) { output += "   # a remark: {with, [marks" }
      output += "\n"
    }
  }

  private mutating func child(_ value: Written, indent: Int) { block(value, indent: indent, atLineStart: false) }

  private mutating func noise(_ indent: Int) {
    if chance(8) { output += String(repeating: " ", count: indent) + "# remark\n" }
    if chance(5) { output += "\n" }
  }

  private mutating func flow(_ value: Written) {
    switch value {
    case .plain(let text): output += text
    case .text(let text): output += scalar(text)
    case .list(let elements, let order):
      output += "["
      for (index, element) in ordered(elements, order).enumerated() {
        if index > 0 { output += chance(50) ? "," : ", " }
        if output.hasSuffix(",") { output += " " }
        flow(element)
      }
      output += "]"
    case .map(let entries, let order):
      output += "{"
      for (index, entry) in ordered(entries, order).enumerated() {
        if index > 0 { output += ", " }
        output += scalar(entry.0) + ": "
        flow(entry.1)
      }
      output += chance(20) ? " }" : "}"
    }
  }

  private mutating func scalar(_ text: String) -> String {
    let isWord =
      !text.isEmpty
      && text.utf8.allSatisfy {
        (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2e
          || $0 == 0x2d
      }
    let first = text.utf8.first ?? 0
    let isLetter = (0x61...0x7a).contains(first) || (0x41...0x5a).contains(first)
    let isReserved = ["true", "false", "null", "nan", "inf"].contains(text.lowercased())
    if isWord && isLetter && !isReserved && !chance(20) { return text }
    if chance(50) && !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
      return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    var quoted = "\""
    for unicode in text.unicodeScalars {
      if unicode == "\"" || unicode == "\\" {
        quoted += "\\" + String(unicode)
      } else if unicode.value < 0x20 || unicode.value == 0x7f || chance(5) {
        let digits = String(unicode.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      } else {
        quoted.unicodeScalars.append(unicode)
      }
    }
    return quoted + "\""
  }
}
