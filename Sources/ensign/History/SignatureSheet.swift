internal import Ensign
internal import FlagHistory

/// What a commit's signature is worth, for people and as JSON.
struct SignatureSheet {
  let signature: CommitSignature

  /// How many lines of the allowed-signers file that are not understood people get to see.
  private static let shownProblems = 5

  // MARK: Text

  /// Nothing for a commit without a signature.
  func text(_ style: Style, isVerbose: Bool) -> String {
    var words: String
    switch signature.status {
    case .none: return ""
    case .good: words = style.green("good")
    case .bad: words = style.red("bad")
    case .untrusted, .unknown: words = style.yellow(signature.status.rawValue)
    }
    if let principal = signature.principal { words += ", \(principal.printable)" }
    if let key = signature.key { words += signature.principal == nil ? ", \(key)" : " (\(key))" }
    if let reason = signature.reason { words += ": \(reason.printable)" }
    var text = "signature " + words + "\n"
    // A line that is not understood may be why a key is not trusted; else it is no concern of this commit's.
    guard isVerbose || signature.status == .untrusted else { return text }
    for problem in signature.problems.prefix(isVerbose ? .max : Self.shownProblems) {
      text += CommitSheet.field("", "ignored: \(problem)")
    }
    let rest = signature.problems.count - Self.shownProblems
    if rest > 0, !isVerbose { text += CommitSheet.field("", "… and \(Plural.of(rest, "more line"))") }
    return text
  }

  // MARK: JSON

  /// The members, below `path`.
  static func fields(_ path: String) -> [JSONField] {
    [
      JSONField(
        path + "status",
        "good, untrusted (valid, by a key that the parent does not allow), bad, none, or unknown (of a kind that is not "
          + "verified)"),
      JSONField(path + "principal", "who signs with the key, as the parent's allowed-signers file says; when good"),
      JSONField(path + "key", "the fingerprint of the key, when it is one of SSH and no certificate: SHA256:…"),
      JSONField(path + "reason", "why it is not good; absent when it is, or when there is none"),
      JSONField(path + "problems[]", "lines of the allowed-signers file that allow nobody: place and reason"),
    ]
  }

  func write(to json: inout CanonicalJSON) {
    json.beginObject()
    json.member("status", signature.status.rawValue)
    json.memberIfAny("principal", signature.principal)
    json.memberIfAny("key", signature.key)
    json.memberIfAny("reason", signature.reason)
    if !signature.problems.isEmpty { json.member("problems", signature.problems) }
    json.endObject()
  }
}
