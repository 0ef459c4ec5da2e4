internal import Ensign
internal import FlagSource

/// Why a file of tokens is refused, and where.
package struct TokenFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  package let line: Int
  /// The column, from 1, in bytes.
  package let column: Int
  /// What is wrong, as a phrase without a full stop; never a part of the secret.
  package let message: String

  /// `line:column: message`.
  package var description: String { "\(line):\(column): \(message)" }
}

/// The file of tokens: one to a line, `NAME SCOPE ENVIRONMENT[,ENVIRONMENT…] sha256:DIGEST`.
///
/// Words are separated by spaces or tabs. Empty lines, and lines that begin with `#`, say nothing.
package enum TokenFile {
  /// The most bytes of a file: 1 MiB.
  package static let maximumSize = 1 << 20

  /// The first lines of a new file.
  package static let header = """
    # Who may use this server: NAME SCOPE ENVIRONMENT[,ENVIRONMENT...] sha256:DIGEST
    # 'ensign token new' adds a line and prints the secret; taking a line away revokes it.

    """

  /// The tokens of a file, in order.
  package static func parse(_ bytes: [UInt8]) throws(TokenFileError) -> [AccessToken] {
    guard bytes.count <= maximumSize else {
      throw TokenFileError(line: 1, column: 1, message: "the file has more than \(maximumSize) bytes")
    }
    var tokens: [AccessToken] = []
    var lines: [String: Int] = [:]
    var digests: [[UInt8]: Int] = [:]
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let reader = TokenLine(line, number: index + 1)
      guard let token = try reader.token() else { continue }
      if let other = lines.updateValue(index + 1, forKey: token.name) {
        throw reader.failure(0, "the name '\(token.name)' is that of line \(other) too")
      }
      if let other = digests.updateValue(index + 1, forKey: token.digest) {
        throw reader.failure(3, "the digest is that of line \(other) too: one secret has one line")
      }
      tokens.append(token)
    }
    return tokens
  }
}

/// A line of a file of tokens, in words.
private struct TokenLine {
  private let number: Int
  private let words: [(text: String, column: Int)]
  private let length: Int

  init(_ line: ArraySlice<UInt8>, number: Int) {
    self.number = number
    let start = line.startIndex
    words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
      .map { (String(decoding: $0, as: UTF8.self), $0.startIndex - start + 1) }
    length = line.count
  }

  /// An error at a word, or behind the last one.
  func failure(_ word: Int, _ message: String) -> TokenFileError {
    TokenFileError(line: number, column: word < words.count ? words[word].column : length + 1, message: message)
  }

  /// The token; nil where the line says nothing.
  func token() throws(TokenFileError) -> AccessToken? {
    guard let first = words.first, first.text.first != "#" else { return nil }
    let expected = ["a name", "a scope", "an environment", "sha256: and a digest"]
    guard words.count >= expected.count else {
      throw failure(words.count, "expected \(expected[words.count])")
    }
    guard words.count == expected.count else {
      throw failure(expected.count, "unexpected '\(words[expected.count].text.visible)': a token has four words")
    }
    guard Self.isName(first.text) else {
      throw failure(0, "a name has letters, digits, '.', '_' and '-', and 64 of them at most")
    }
    return AccessToken(
      name: first.text, scope: try scope(words[1].text), environments: try environments(words[2].text),
      digest: try digest(words[3].text))
  }

  private func scope(_ text: String) throws(TokenFileError) -> AccessScope {
    if let scope = AccessScope(rawValue: text) { return scope }
    let names = AccessScope.allCases.map(\.rawValue)
    let hint = NearestName.find(text, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw failure(1, "unknown scope '\(text.visible)', expected \(names.joined(separator: ", "))\(hint)")
  }

  private func environments(_ text: String) throws(TokenFileError) -> [String] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    for (index, name) in names.enumerated() {
      guard Self.isName(name) else { throw failure(2, "'\(name.visible)' is no name of an environment") }
      guard !names[..<index].contains(name) else { throw failure(2, "the environment '\(name)' stands twice") }
    }
    return names
  }

  private func digest(_ text: String) throws(TokenFileError) -> [UInt8] {
    // A secret in place of its digest must not be repeated in a message.
    guard text.hasPrefix("sha256:") else {
      throw failure(3, "expected sha256: and a digest; the secret itself does not belong here")
    }
    guard let digest = Hexadecimal.decode(String(text.dropFirst(7))), digest.count == 32 else {
      throw failure(3, "a digest has 64 hexadecimal digits in lower case")
    }
    return digest
  }

  private static func isName(_ text: String) -> Bool { AccessToken.isName(text) }
}

extension AccessToken {
  /// Whether a text can name a token or an environment in a file of tokens.
  package static func isName(_ text: String) -> Bool {
    let utf8 = text.utf8
    guard (1...64).contains(utf8.count) else { return false }
    return utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }
}

extension String {
  /// The text for a message: control characters are shown, not sent.
  fileprivate var visible: String { TerminalText.visible(self) }
}
