/// What an `Accept-Encoding` says of the codings that there are here (RFC 9110, section 12.5.3).
struct AcceptedCodings {
  /// A bit for each coding, and one for all others, which `*` stands for.
  private var accepted = 0
  private var refused = 0
  private static let others = 1 << Resource.Coding.allCases.count

  init(_ field: UnsafeRawBufferPointer) {
    var rest = unsafe field[...]
    while unsafe !rest.isEmpty {
      let end = unsafe rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
      unsafe take(rest[..<end])
      unsafe rest = rest[min(end + 1, rest.endIndex)...]
    }
  }

  /// Whether a coding is named and not refused, or else `*` is.
  func accepts(_ coding: Resource.Coding) -> Bool {
    let bit = 1 << coding.rawValue
    return refused & bit == 0 && accepted & (bit | Self.others) != 0
  }

  private mutating func take(_ part: Slice<UnsafeRawBufferPointer>) {
    let end = unsafe part.firstIndex(of: UInt8(ascii: ";")) ?? part.endIndex
    guard let bit = unsafe Self.bit(of: part[..<end]) else { return }
    if unsafe Self.isZero(part[end...]) { refused |= bit } else { accepted |= bit }
  }

  private static func bit(of name: Slice<UnsafeRawBufferPointer>) -> Int? {
    let name = unsafe trimmed(name)
    if unsafe equal(name, "*") { return others }
    for coding in Resource.Coding.allCases where unsafe equal(name, coding.name) { return 1 << coding.rawValue }
    return nil
  }

  private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    var (start, end) = unsafe (text.startIndex, text.endIndex)
    while unsafe start < end && isSpace(text[start]) { start += 1 }
    while unsafe start < end && isSpace(text[end - 1]) { end -= 1 }
    return unsafe text[start..<end]
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// Whether a name is one in lower case, in any case.
  private static func equal(_ name: Slice<UnsafeRawBufferPointer>, _ lowerCase: StaticString) -> Bool {
    guard unsafe name.count == lowerCase.utf8CodeUnitCount else { return false }
    for index in unsafe 0..<name.count
    where unsafe name[name.startIndex + index] | 0x20 != lowerCase.utf8Start[index] | 0x20 { return false }
    return true
  }

  /// Whether parameters say the weight 0.
  private static func isZero(_ parameters: Slice<UnsafeRawBufferPointer>) -> Bool {
    guard unsafe !parameters.isEmpty else { return false }
    return unsafe String(decoding: parameters, as: UTF8.self).split(separator: ";").contains { parameter in
      let word = parameter.filter { $0 != " " && $0 != "\t" }
      return word.lowercased().hasPrefix("q=0") && word.dropFirst(3).allSatisfy { $0 == "0" || $0 == "." }
    }
  }
}
