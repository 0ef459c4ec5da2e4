// Scalars of one line. Each function goes from the first byte of one to the byte behind it; nil when it is anything else.
extension SubsetScanner {
  mutating func scalar(inFlow: Bool) -> Record? {
    let start = position
    let textStart = text.count
    let style: Document.Node.Style
    switch peek() {
    case UInt8(ascii: "'"):
      style = .singleQuoted
      guard singleQuoted() else { return nil }
    case UInt8(ascii: "\""):
      style = .doubleQuoted
      guard doubleQuoted() else { return nil }
    default:
      style = .plain
      guard plain(inFlow: inFlow) else { return nil }
    }
    return Record(
      range: SourceRange(start: start, end: position), textStart: UInt32(truncatingIfNeeded: textStart),
      count: UInt32(truncatingIfNeeded: text.count - textStart), kind: .scalar, style: style)
  }

  /// Takes the bytes from `start` to here.
  private mutating func takeText(from start: Int) {
    unsafe text.append(contentsOf: UnsafeRawBufferPointer(rebasing: source[start..<offset]))
  }

  private mutating func plain(inFlow: Bool) -> Bool {
    guard canStartPlain(inFlow: inFlow) else { return false }
    let start = offset
    offset += 1
    while true {
      while PlainByte.isOrdinary(peek()) { offset += 1 }
      guard let step = stepInPlain(inFlow: inFlow) else { return false }
      if step == 0 { break }
      offset += step
    }
    takeText(from: start)
    return true
  }

  /// How many of the next bytes, the first of which is not ordinary, belong to a plain scalar; 0 at its end, nil where
  /// libyaml has to tell.
  private func stepInPlain(inFlow: Bool) -> Int? {
    switch peek() {
    case UInt8(ascii: "\n"): return 0
    case UInt8(ascii: " "):
      var count = 1
      while peek(count) == UInt8(ascii: " ") { count += 1 }
      // A colon behind spaces, too, ends it, if it is one of a key; the text is over before them.
      let next = peek(count)
      let isOver =
        next == UInt8(ascii: "\n") || next == UInt8(ascii: "#") || inFlow && PlainByte.isFlowIndicator(next)
        || next == UInt8(ascii: ":") && isBlank(peek(count + 1))
      return isOver ? 0 : count
    case UInt8(ascii: ":"):
      if isBlank(peek(1)) { return 0 }
      return inFlow && PlainByte.isFlowIndicator(peek(1)) ? nil : 1
    case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"): return inFlow ? 0 : 1
    case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "?"): return inFlow ? nil : 1
    default: return nil  // A tab, a carriage return.
    }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }

  private func canStartPlain(inFlow: Bool) -> Bool {
    switch peek() {
    case UInt8(ascii: "-"):
      let next = peek(1)
      return next > UInt8(ascii: " ") && !(inFlow && PlainByte.isFlowIndicator(next))
    case ..<0x21, UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "&"), UInt8(ascii: "*"),
      UInt8(ascii: "!"), UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""),
      UInt8(ascii: "%"), UInt8(ascii: "@"), UInt8(ascii: "`"):
      return false
    default: return true
    }
  }

  private mutating func singleQuoted() -> Bool {
    offset += 1
    var start = offset
    while true {
      switch peek() {
      case UInt8(ascii: "'"):
        takeText(from: start)
        offset += 1
        if peek() != UInt8(ascii: "'") { return true }
        // Two of them are one, which the next stretch begins with.
        start = offset
        offset += 1
      case ..<0x20: return false
      default: offset += 1
      }
    }
  }

  private mutating func doubleQuoted() -> Bool {
    offset += 1
    var start = offset
    while true {
      switch peek() {
      case UInt8(ascii: "\""):
        takeText(from: start)
        offset += 1
        return true
      case UInt8(ascii: "\\"):
        takeText(from: start)
        guard let escaped = escaped(peek(1)) else { return false }
        text.append(escaped)
        offset += 2
        start = offset
      case ..<0x20: return false
      default: offset += 1
      }
    }
  }

  /// What a byte behind a backslash stands for, of the most frequent ones.
  private func escaped(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "/"): byte
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    default: nil
    }
  }
}

/// The bytes of plain scalars.
private enum PlainByte {
  /// Whether a byte is a part of a plain scalar wherever it stands in it; the others need a look: white space, `:`, `?`,
  /// and what belongs to brackets.
  static func isOrdinary(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x2B, 0x2D...0x39, 0x3B...0x3E, 0x40...0x5A, 0x5C, 0x5E...0x7A, 0x7C, 0x7E, 0x80...: true
    default: false
    }
  }

  static func isFlowIndicator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"): true
    default: false
    }
  }
}
