internal import Glibc
internal import YAML

/// Reads the text files of `includeFrom`: one targeting key a line.
enum IncludedKeys {
  /// 64 MiB.
  static let greatestSize = 64 << 20
  /// Bytes of one key.
  static let greatestLength = 1024
  /// Findings of one file; the rest is counted.
  private static let greatestNumberOfFindings = 10

  /// The places of the keys in `bytes`, sorted by the keys' bytes, and what is wrong with the lines.
  ///
  /// - Complexity: O(*n* log *n*) in the lines, and next to nothing when they are sorted already.
  static func read(_ bytes: [UInt8], file: FileReference) -> (keys: [Range<Int>], findings: [Finding]) {
    var problems: [Problem] = []
    var keys = bytes.withUnsafeBufferPointer { lines(of: $0, &problems) }
    bytes.withUnsafeBufferPointer { sort(&keys, of: $0) }
    for (first, second) in zip(keys, keys.dropFirst()) where bytes[first].elementsEqual(bytes[second]) {
      problems.append(Problem(line: second, kind: .repeated(first: first)))
    }
    guard !problems.isEmpty else { return (keys, []) }
    problems.sort { $0.line.lowerBound < $1.line.lowerBound }
    return (keys, findings(problems, of: bytes, file: file))
  }

  private struct Problem {
    var line: Range<Int>
    var kind: Kind

    enum Kind {
      case empty, tooLong, spaces, controlCharacter, notUTF8
      case repeated(first: Range<Int>)
    }
  }

  private static func lines(of bytes: UnsafeBufferPointer<UInt8>, _ problems: inout [Problem]) -> [Range<Int>] {
    var keys: [Range<Int>] = []
    // Keys are seldom shorter than eight bytes; a wrong guess only costs memory for a moment.
    keys.reserveCapacity(bytes.count / 8)
    var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < bytes.count, let base = bytes.baseAddress {
      let feed = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
      let next = feed.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) - base } ?? bytes.count
      var end = next
      if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
      if let kind = problem(in: UnsafeBufferPointer(rebasing: bytes[start..<end])) {
        problems.append(Problem(line: start..<end, kind: kind))
      } else {
        keys.append(start..<end)
      }
      start = next + 1
    }
    return keys
  }

  private static func problem(in line: UnsafeBufferPointer<UInt8>) -> Problem.Kind? {
    guard let first = line.first, let last = line.last else { return .empty }
    guard line.count <= greatestLength else { return .tooLong }
    var hasOthers = false
    for byte in line {
      if byte < 0x20 || byte == 0x7F { return byte == UInt8(ascii: "\t") ? .spaces : .controlCharacter }
      if byte >= 0x80 { hasOthers = true }
    }
    if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return .spaces }
    return hasOthers && String(validating: line, as: UTF8.self) == nil ? .notUTF8 : nil
  }

  /// Sorts by the bytes of the keys; of equal keys the earlier line comes first.
  private static func sort(_ keys: inout [Range<Int>], of bytes: UnsafeBufferPointer<UInt8>) {
    guard let base = bytes.baseAddress, let first = keys.first else { return }
    func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
      let order = memcmp(base + left.lowerBound, base + right.lowerBound, min(left.count, right.count))
      return order != 0 ? order < 0 : (left.count, left.lowerBound) < (right.count, right.lowerBound)
    }
    guard !zip(keys, keys.dropFirst()).allSatisfy(precedes) else { return }
    // Nearly all pairs differ in the eight bytes after what all keys begin with, and those are compared without going
    // to the text, which is in no cache.
    let shared = keys.reduce(first.count) { shared, key in
      let count = min(shared, key.count)
      return (0..<count).first { base[first.lowerBound + $0] != base[key.lowerBound + $0] } ?? count
    }
    var heads = keys.map { key in (head: head(of: key.dropFirst(shared), base), key: key) }
    heads.sort { $0.head != $1.head ? $0.head < $1.head : precedes($0.key, $1.key) }
    keys = heads.map(\.key)
  }

  /// The first eight bytes of a key as a number that sorts as they do; a key that is shorter ends in zeros, which no key
  /// contains.
  private static func head(of key: Range<Int>, _ base: UnsafePointer<UInt8>) -> UInt64 {
    var head: UInt64 = 0
    for offset in 0..<8 { head = head << 8 | (offset < key.count ? UInt64(base[key.lowerBound + offset]) : 0) }
    return head
  }

  private static func findings(_ problems: [Problem], of bytes: [UInt8], file: FileReference) -> [Finding] {
    var places = LinePlaces(bytes: bytes, file: file)
    var findings: [Finding] = []
    for problem in problems.prefix(greatestNumberOfFindings) {
      let place = places.place(of: problem.line)
      switch problem.kind {
      case .empty: findings.append(.invalidKeyLine("the line is empty", first: nil, at: place))
      case .tooLong:
        let message = "the key has \(problem.line.count) bytes, more than \(greatestLength)"
        findings.append(.invalidKeyLine(message, first: nil, at: place))
      case .spaces:
        findings.append(.invalidKeyLine("the key has spaces before or after it, or a tab", first: nil, at: place))
      case .controlCharacter:
        findings.append(.invalidKeyLine("the key has a control character", first: nil, at: place))
      case .notUTF8: findings.append(.invalidKeyLine("the key is not UTF-8", first: nil, at: place))
      case .repeated(let first):
        let text = String(decoding: bytes[problem.line], as: UTF8.self)
        // Lines are counted forwards only: start again for the first of the two.
        var places = LinePlaces(bytes: bytes, file: file)
        findings.append(
          .invalidKeyLine("the key \(text.quoted) stands here twice", first: places.place(of: first), at: place))
      }
    }
    let rest = problems.dropFirst(greatestNumberOfFindings)
    if let next = rest.first { findings.append(.furtherKeyLines(rest.count, at: places.place(of: next.line))) }
    return findings
  }
}

/// Turns offsets of lines, asked for in ascending order, into places.
private struct LinePlaces {
  let bytes: [UInt8]
  let file: FileReference
  private var line: UInt32 = 1
  private var offset = 0

  init(bytes: [UInt8], file: FileReference) {
    self.bytes = bytes
    self.file = file
  }

  mutating func place(of range: Range<Int>) -> Place {
    for byte in bytes[offset..<range.lowerBound] where byte == UInt8(ascii: "\n") { line += 1 }
    offset = range.lowerBound
    let scalars = bytes[range].count { $0 & 0xC0 != 0x80 }
    let start = SourcePosition(line: line, column: 1)
    let end = SourcePosition(line: line, column: UInt32(scalars) + 1)
    return Place(file, SourceRange(start: start, end: end))
  }
}
