internal import Ensign

/// A line of an allowed-signers file: a key, and who signs with it (ssh-keygen(1), ALLOWED SIGNERS).
struct AllowedSigner: Hashable, Sendable {
  /// Why a line allows nobody, as a phrase without a full stop.
  struct Failure: Error {
    var reason: String
  }

  /// Those who may sign; never empty.
  let principals: PatternList
  let key: SSHPublicKey
  /// Whether the key signs certificates, not commits.
  private(set) var isAuthority = false
  /// What the key may sign; nil for anything.
  private(set) var namespaces: PatternList?
  /// The first moment at which the key may sign, in seconds since 1970-01-01T00:00:00Z.
  private(set) var validAfter: Int64?
  /// The last one.
  private(set) var validBefore: Int64?

  /// Reads a line that is neither empty nor a comment.
  init(line: ArraySlice<UInt8>) throws(Failure) {
    var cursor = Cursor(rest: line)
    let isKeyFirst = SSHPublicKey.kinds.contains(cursor.nextWord)
    principals = PatternList(try cursor.principals())
    guard !isKeyFirst, principals.first != nil else { throw Failure(reason: "nobody is named before the key") }
    var options = Options()
    if !SSHPublicKey.kinds.contains(cursor.nextWord) { try options.read(&cursor) }
    (isAuthority, namespaces) = (options.isAuthority, options.namespaces)
    (validAfter, validBefore) = (options.validAfter, options.validBefore)
    let kind = cursor.word()
    guard SSHPublicKey.kinds.contains(kind) else {
      throw Failure(reason: kind.isEmpty ? "there is no key" : "'\(kind)' is no kind of key, such as ssh-ed25519")
    }
    guard let blob = SSHReader.decode(base64: cursor.word().utf8), let key = SSHPublicKey(blob: blob), key.kind == kind
    else { throw Failure(reason: "what follows \(kind) is no such key") }
    self.key = key
  }

  /// What stands between the names and the key.
  private struct Options {
    var isAuthority = false
    var namespaces: PatternList?
    var validAfter: Int64?
    var validBefore: Int64?

    mutating func read(_ cursor: inout Cursor) throws(Failure) {
      repeat {
        switch cursor.optionName() {
        case "cert-authority": isAuthority = true
        case "namespaces=":
          guard namespaces == nil else { throw Failure(reason: "namespaces is there twice") }
          namespaces = PatternList(try cursor.quoted())
        case "valid-after=":
          guard validAfter == nil else { throw Failure(reason: "valid-after is there twice") }
          validAfter = try Self.seconds(cursor.quoted())
        case "valid-before=":
          guard validBefore == nil else { throw Failure(reason: "valid-before is there twice") }
          validBefore = try Self.seconds(cursor.quoted())
        case let name:
          throw Failure(
            reason: "'\(name)' is neither a kind of key nor one of the options cert-authority, namespaces=\"…\", "
              + "valid-after=\"…\" and valid-before=\"…\"")
        }
      } while cursor.skip(UInt8(ascii: ","))
      try cursor.endField()
      if let validAfter, let validBefore, validBefore <= validAfter {
        throw Failure(reason: "valid-before is not later than valid-after")
      }
    }

    /// A moment as `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, and perhaps a `Z`.
    ///
    /// It is taken for UTC either way, so that a commit's status is the same on every machine.
    private static func seconds(_ text: [UInt8]) throws(Failure) -> Int64 {
      var digits = text.last == UInt8(ascii: "Z") ? text.dropLast() : text[...]
      if [8, 12].contains(digits.count) { digits += repeatElement(UInt8(ascii: "0"), count: 14 - digits.count) }
      let parts = [0..<4, 4..<6, 6..<8, 8..<10, 10..<12, 12..<14].map { range in
        String(decoding: digits.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
      }
      let instant = "\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5])Z"
      guard digits.count == 14, let time = try? Timestamp(instant) else {
        throw Failure(
          reason: "'\(String(decoding: text, as: UTF8.self))' is no time such as 20261121Z or 20261121090000Z")
      }
      return time.milliseconds / 1000
    }
  }
}

/// Reads the fields of a line.
private struct Cursor {
  var rest: ArraySlice<UInt8>

  private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  /// The bytes up to the next blank, not taken.
  var nextWord: String { String(decoding: rest.prefix { !Self.isBlank($0) }, as: UTF8.self) }

  /// The next field; empty at the end.
  mutating func word() -> String {
    let word = nextWord
    rest = rest.drop { !Self.isBlank($0) }.drop(while: Self.isBlank)
    return word
  }

  /// The first field, which may stand in quotes.
  mutating func principals() throws(AllowedSigner.Failure) -> [UInt8] {
    let field: [UInt8]
    if rest.first == UInt8(ascii: "\"") {
      field = try quoted()
    } else {
      field = Array(rest.prefix { !Self.isBlank($0) })
      rest = rest.dropFirst(field.count)
    }
    guard !field.contains(UInt8(ascii: "\"")) else { throw .init(reason: "a quotation mark stands inside a name") }
    try endField()
    return field
  }

  /// Skips the blanks behind a field, of which there must be one.
  mutating func endField() throws(AllowedSigner.Failure) {
    guard let byte = rest.first else { throw .init(reason: "there is no key") }
    guard Self.isBlank(byte) else { throw .init(reason: "a space or a comma is missing before '\(nextWord)'") }
    rest = rest.drop(while: Self.isBlank)
  }

  /// The name of an option in lower case, with the `=` behind it.
  mutating func optionName() -> String {
    let name = rest.prefix { !Self.isBlank($0) && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
    rest = rest[name.endIndex...]
    let folded = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    return String(decoding: folded, as: UTF8.self) + (skip(UInt8(ascii: "=")) ? "=" : "")
  }

  /// Takes a byte when it is the next one.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// A text in quotation marks; one behind a backslash is of the text.
  mutating func quoted() throws(AllowedSigner.Failure) -> [UInt8] {
    let mark = UInt8(ascii: "\"")
    guard skip(mark) else { throw .init(reason: "a quotation mark is missing before '\(nextWord)'") }
    var text: [UInt8] = []
    while let byte = rest.popFirst() {
      if byte == mark { return text }
      if byte == UInt8(ascii: "\\"), skip(mark) {
        text.append(mark)
      } else {
        text.append(byte)
      }
    }
    throw .init(reason: "the closing quotation mark is missing")
  }
}
