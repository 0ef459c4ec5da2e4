/// Reads a commit object: `tree`, `parent`, `author` and `committer` lines, others, and the message behind an empty line.
@safe struct CommitBytes {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  /// The header, or nil when the bytes are no commit.
  consuming func header(of id: ObjectID) -> CommitHeader? {
    guard let (tree, parents) = objects(), starts(with: "author ") else { return nil }
    return CommitHeader(id: id, tree: tree, parents: parents, seconds: committerSeconds())
  }

  /// The commit, where it has the form that Git gives to commits; nil where it has not, which says nothing of it.
  consuming func commit(_ id: ObjectID) -> Commit? {
    guard let (tree, parents) = objects(), let author = signature("author "), let committer = signature("committer ")
    else { return nil }
    // Lines of other kinds, of which some go on in lines that begin with a space.
    while let line = nextLine(), !line.isEmpty { offset = line.upperBound + 1 }
    guard let empty = nextLine(), let message = message(from: empty.upperBound + 1),
      let subject = subject(of: message)
    else { return nil }
    return Commit(
      id: id, tree: tree, parents: Array(parents), author: author, committer: committer, subject: text(subject),
      message: text(message))
  }

  private func starts(with word: StaticString) -> Bool {
    guard unsafe bytes.count - offset >= word.utf8CodeUnitCount else { return false }
    return (0..<word.utf8CodeUnitCount).allSatisfy { unsafe bytes[offset + $0] == word.utf8Start[$0] }
  }

  private func text(_ range: Range<Int>) -> String {
    unsafe String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  /// The next line, without the line feed behind it; nil when there is none.
  private func nextLine() -> Range<Int>? {
    unsafe bytes[min(offset, bytes.count)...].firstIndex(of: UInt8(ascii: "\n")).map { offset..<$0 }
  }

  // MARK: Objects

  /// The tree and the parents.
  private mutating func objects() -> (tree: ObjectID, parents: ShortList<ObjectID>)? {
    guard let tree = object("tree ") else { return nil }
    var parents: ShortList<ObjectID> = []
    while let parent = object("parent ") { parents.append(parent) }
    return (tree, parents)
  }

  /// The id in a line that begins with `word`, which is skipped then; nil when the next line is none.
  private mutating func object(_ word: StaticString) -> ObjectID? {
    let start = offset + word.utf8CodeUnitCount
    guard starts(with: word), unsafe start + 41 <= bytes.count, unsafe bytes[start + 40] == UInt8(ascii: "\n") else {
      return nil
    }
    let id = unsafe ObjectID(hexadecimal: UnsafeRawBufferPointer(rebasing: bytes[start..<start + 40]))
    // A damaged parent stays, so that the commit is refused: a walk must not end there as if it were the first one.
    if id != nil { offset = start + 41 }
    return id
  }

  // MARK: Signatures

  /// The number behind the first `>` of the committer's line.
  private mutating func committerSeconds() -> Int64 {
    skip(past: UInt8(ascii: "\n"))
    guard starts(with: "committer") else { return 0 }
    skip(past: UInt8(ascii: ">"))
    while unsafe offset < bytes.count, unsafe bytes[offset] == UInt8(ascii: " ") { offset += 1 }
    return number() ?? 0
  }

  private mutating func skip(past byte: UInt8) {
    while unsafe offset < bytes.count, unsafe bytes[offset] != byte { offset += 1 }
    offset += 1
  }

  /// The digits here as a number, which are skipped: 0 where there are none; nil when the number is too large.
  private mutating func number() -> Int64? {
    var number: Int64 = 0
    while unsafe offset < bytes.count, case let digit = unsafe bytes[offset], (0x30...0x39).contains(digit) {
      let (tens, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int64(digit - 0x30))
      guard !overflow, !carry else { return nil }
      number = sum
      offset += 1
    }
    return number
  }

  /// A line of `word`, a name, an address between `<` and `>`, seconds, and the offset of a clock, which is skipped; nil
  /// when the next line is none, or has a name or an address that Git would have trimmed.
  private mutating func signature(_ word: StaticString) -> Commit.Signature? {
    guard starts(with: word), let line = nextLine() else { return nil }
    let name = line.lowerBound + word.utf8CodeUnitCount
    guard let opening = unsafe bytes[name..<line.upperBound].lastIndex(of: UInt8(ascii: "<")),
      let closing = unsafe bytes[name..<line.upperBound].lastIndex(of: UInt8(ascii: ">")), opening < closing,
      opening > name, unsafe bytes[opening - 1] == UInt8(ascii: " "), isTrimmed(name..<opening - 1),
      isTrimmed(opening + 1..<closing)
    else { return nil }
    offset = closing + 1
    guard take(UInt8(ascii: " ")), case let first = offset, let seconds = number(), offset > first,
      take(UInt8(ascii: " ")), let minutes = clockOffset(), offset == line.upperBound
    else { return nil }
    offset += 1
    return Commit.Signature(
      name: text(name..<opening - 1), email: text(opening + 1..<closing), seconds: seconds, offsetMinutes: minutes)
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard unsafe offset < bytes.count, unsafe bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  /// `+0130` in minutes.
  private mutating func clockOffset() -> Int32? {
    let isBehind = take(UInt8(ascii: "-"))
    guard isBehind || take(UInt8(ascii: "+")), case let first = offset, let number = number(), offset == first + 4,
      number / 100 <= 14, number % 100 <= 59
    else { return nil }
    let minutes = Int32(number / 100 * 60 + number % 100)
    return isBehind ? -minutes : minutes
  }

  /// Whether there is something, without a NUL, that neither begins nor ends with what Git takes off names and addresses.
  private func isTrimmed(_ range: Range<Int>) -> Bool {
    guard let first = range.first, let last = range.last else { return false }
    func isCrud(_ byte: UInt8) -> Bool {
      switch byte {
      case 0...0x20, UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "<"),
        UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "'"):
        true
      default: false
      }
    }
    return unsafe !isCrud(bytes[first]) && !isCrud(bytes[last]) && !bytes[range].contains(0)
  }

  // MARK: The message

  /// The message without the line feeds that it begins with; nil when there is a NUL in it.
  private func message(from start: Int) -> Range<Int>? {
    guard unsafe start <= bytes.count else { return nil }
    let first = unsafe bytes[start...].firstIndex { $0 != UInt8(ascii: "\n") } ?? bytes.count
    return unsafe bytes[first...].contains(0) ? nil : first..<bytes.count
  }

  /// The first paragraph of a message where it is one line, without the space at its end; nil where it is several.
  private func subject(of message: Range<Int>) -> Range<Int>? {
    let end = unsafe bytes[message].firstIndex(of: UInt8(ascii: "\n")) ?? message.upperBound
    guard unsafe end + 1 >= message.upperBound || bytes[end + 1] == UInt8(ascii: "\n") else { return nil }
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let last = unsafe bytes[message.lowerBound..<end].lastIndex { !isSpace($0) }
    return message.lowerBound..<(last.map { $0 + 1 } ?? message.lowerBound)
  }
}
