internal import Ensign

/// Who may sign commits: a file in the form of ssh-keygen(1), ALLOWED SIGNERS.
package struct AllowedSigners: Sendable {
  /// Where commits have it, from the top of the repository.
  package static let path = ".ensign/allowed_signers"
  /// The greatest number of bytes.
  package static let greatestSize = 1 << 20

  /// The signers by the line that names them.
  private(set) var signers: [(line: Int, signer: AllowedSigner)] = []
  /// The lines that allow nobody because they are not understood, each with its reason; of many the first, and how many
  /// more there are.
  package private(set) var problems: [String] = []

  private static let greatestProblems = 20

  /// What the file says of a key.
  enum Answer: Equatable {
    /// These may sign with it.
    case allowed(principal: String)
    /// Nobody may, for this reason.
    case refused(reason: String)
  }

  /// Reads a file; a line that is not understood allows nobody.
  package init(_ bytes: [UInt8]) {
    let blanks = Array(" \t\r".utf8)
    var more = 0
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      var line = line.drop(while: blanks.contains)
      while let last = line.last, blanks.contains(last) { line = line.dropLast() }
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      do throws(AllowedSigner.Failure) {
        signers.append((index + 1, try AllowedSigner(line: line)))
      } catch {
        if problems.count < Self.greatestProblems {
          problems.append("\(Self.path):\(index + 1): \(error.reason)")
        } else {
          more += 1
        }
      }
    }
    if more > 0 { problems.append("\(Self.path): \(more) more lines are not understood") }
  }

  /// Whether somebody may sign a commit of this time with a key.
  ///
  /// - Parameter seconds: since 1970-01-01T00:00:00Z.
  func answer(for key: SSHPublicKey, at seconds: Int64) -> Answer {
    let lines = signers.filter { $0.signer.key == key }
    for (_, signer) in lines where signer.refusal(at: seconds) == nil {
      if let principal = signer.principals.first { return .allowed(principal: principal) }
    }
    guard let (line, signer) = lines.first, let refusal = signer.refusal(at: seconds) else {
      return .refused(reason: "the key is not in the parent's \(Self.path)")
    }
    return .refused(reason: "the parent's \(Self.path):\(line) allows the key \(refusal)")
  }
}

extension AllowedSigner {
  /// The restriction that keeps the key from signing a commit; nil when there is none.
  fileprivate func refusal(at seconds: Int64) -> String? {
    if isAuthority { return "to sign certificates only" }
    if let namespaces, !namespaces.matches(SSHSignature.commitNamespace) { return "for other namespaces than git" }
    if let validAfter, seconds < validAfter { return "only from \(Self.text(validAfter)) on" }
    if let validBefore, seconds > validBefore { return "only until \(Self.text(validBefore))" }
    return nil
  }

  private static func text(_ seconds: Int64) -> String { Timestamp(milliseconds: seconds * 1000).description }
}
