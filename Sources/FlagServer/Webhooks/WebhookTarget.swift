internal import CSodium
internal import Ensign

/// Somebody who is told of each new state of an environment.
package struct WebhookTarget: Hashable, Sendable {
  /// The forms of a message.
  package enum Format: String, Hashable, Sendable, CaseIterable {
    /// A document with all that is known.
    case json
    /// A text for a channel of Slack, or of what understands the same.
    case slack
  }

  /// What people call it: in logs, in metrics, and as a folder's name.
  package let name: String
  /// The form of its messages.
  package let format: Format
  /// Where messages go.
  ///
  /// It may be a secret itself, and stands in no log.
  let address: String
  /// What messages are signed with; empty for a target that does not check.
  let secret: [UInt8]
  /// The environments that it is told of; empty for all.
  package let environments: [String]

  /// The headers of a message: its type, its name, by which the target knows one that comes again, and its signature.
  func headers(of message: [UInt8], delivery: String) -> [String] {
    var headers = ["Content-Type: application/json", "X-Ensign-Event: snapshot", "X-Ensign-Delivery: \(delivery)"]
    if !secret.isEmpty { headers.append("X-Ensign-Signature-256: sha256=\(signature(of: message))") }
    return headers
  }

  /// The HMAC-SHA256 of a message under the secret, in hexadecimal.
  func signature(of message: [UInt8]) -> String {
    var state = crypto_auth_hmacsha256_state()
    var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_bytes()))
    // These functions are documented to return 0 always.
    _ = crypto_auth_hmacsha256_init(&state, secret, secret.count)
    _ = crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
    _ = crypto_auth_hmacsha256_final(&state, &code)
    return Hexadecimal.encode(code)
  }
}

/// Why a file of webhooks is refused, and where.
package struct WebhookFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  package let line: Int
  /// What is wrong, as a phrase without a full stop; never a part of an address or a secret.
  package let message: String

  /// `line: message`.
  package var description: String { "\(line): \(message)" }
}

/// The file of webhooks: one to a line, `NAME FORMAT URL [secret=SECRET] [environments=NAME,NAME…]`.
///
/// Words are separated by spaces or tabs. Empty lines, and lines that begin with `#`, say nothing.
package enum WebhookFile {
  /// The most bytes of a file.
  package static let maximumSize = 1 << 16
  /// The most targets: each has a thread.
  package static let maximumTargets = 32

  /// The targets of a file, in order.
  package static func parse(_ bytes: [UInt8]) throws(WebhookFileError) -> [WebhookTarget] {
    var targets: [WebhookTarget] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      let words = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
        .map { String(decoding: $0, as: UTF8.self) }
      guard let first = words.first, first.first != "#" else { continue }
      let target = try target(words, line: index + 1)
      guard !targets.contains(where: { $0.name == target.name }) else {
        throw WebhookFileError(line: index + 1, message: "the name '\(target.name)' stands twice")
      }
      targets.append(target)
      guard targets.count <= maximumTargets else {
        throw WebhookFileError(line: index + 1, message: "there are more than \(maximumTargets) webhooks")
      }
    }
    return targets
  }

  private static func target(_ words: [String], line: Int) throws(WebhookFileError) -> WebhookTarget {
    func failure(_ message: String) -> WebhookFileError { WebhookFileError(line: line, message: message) }
    guard words.count >= 3 else { throw failure("expected a name, json or slack, and an address") }
    guard AccessToken.isName(words[0]) else {
      throw failure("a name has letters, digits, '.', '_' and '-', and 64 of them at most")
    }
    guard let format = WebhookTarget.Format(rawValue: words[1]) else {
      throw failure("the format is json or slack")
    }
    let address = words[2]
    guard address.hasPrefix("https://") || address.hasPrefix("http://"),
      address.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { throw failure("the address begins with https:// or http://") }
    var secret: [UInt8] = []
    var environments: [String] = []
    for word in words.dropFirst(3) {
      if word.hasPrefix("secret=") {
        secret = Array(word.utf8.dropFirst(7))
      } else if word.hasPrefix("environments=") {
        environments = word.dropFirst(13).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard environments.allSatisfy(AccessToken.isName) else {
          throw failure("environments= is followed by names with commas between")
        }
      } else {
        throw failure("expected secret=… or environments=…")
      }
    }
    // Whoever gets a document has to be able to tell that it is ours.
    guard format == .slack || secret.count >= 16 else {
      throw failure("a json webhook has a secret of 16 characters at least: secret=…")
    }
    return WebhookTarget(
      name: words[0], format: format, address: address, secret: secret, environments: environments)
  }
}
