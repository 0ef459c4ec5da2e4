/// What the signature of a commit is worth.
///
/// It is evidence, never a gate: nothing is refused because of it.
package struct CommitSignature: Hashable, Sendable {
  /// The verdicts.
  package enum Status: String, Sendable {
    /// A valid signature by a key that the allowed-signers file of the parent's tree allows.
    case good
    /// A valid signature by a key that it does not allow.
    case untrusted
    /// A signature that is not valid.
    case bad
    /// No signature.
    case none
    /// A signature of a kind that is not verified.
    case unknown
  }

  /// The verdict.
  package var status: Status
  /// Who signs with the key, as the allowed-signers file names them; of a good signature only.
  package var principal: String?
  /// The key's fingerprint, where there is a key of SSH.
  package var key: String?
  /// Why the signature is not good, as a phrase without a full stop.
  package var reason: String?
  /// The lines of the allowed-signers file that are not understood, when it was asked.
  package var problems: [String] = []

  /// Judges a commit.
  ///
  /// - Parameters:
  ///   - seconds: the committer's time, since 1970-01-01T00:00:00Z.
  ///   - signers: those whom the tree of the first parent allows; asked for only when the signature is valid.
  package init<Failure: Error>(
    of commit: SignedCommit, at seconds: Int64, allowedBy signers: () throws(Failure) -> AllowedSigners.Reading
  ) throws(Failure) {
    switch Verification(of: commit) {
    case .verdict(let status, let key, let reason):
      self.init(status: status, key: key?.fingerprint, reason: reason)
    case .valid(let key):
      self.init(status: .untrusted, key: key.fingerprint)
      switch try signers() {
      case .absent(let why): reason = why
      case .found(let signers):
        problems = signers.problems
        switch signers.answer(for: key, at: seconds) {
        case .allowed(let name): (status, principal) = (.good, name)
        case .refused(let why): reason = why
        }
      }
    }
  }

  /// A verdict that somebody else came to.
  package init(status: Status, key: String? = nil, reason: String? = nil) {
    self.status = status
    self.key = key
    self.reason = reason
  }

  /// What can be said of a signature by itself.
  private enum Verification {
    case verdict(Status, SSHPublicKey?, String?)
    case valid(SSHPublicKey)

    init(of commit: SignedCommit) {
      guard let text = commit.signatures.first else {
        self = .verdict(.none, nil, nil)
        return
      }
      guard commit.signatures.count == 1 else {
        self = .verdict(.bad, nil, "the commit has \(commit.signatures.count) signatures")
        return
      }
      guard text.starts(with: SSHSignature.header.dropLast()) else {
        self = .verdict(.unknown, nil, "\(Self.kind(of: text)); only SSH's are verified")
        return
      }
      do throws(SSHSignature.Failure) {
        self.init(of: try SSHSignature(armored: text), commit.payload)
      } catch {
        self = .verdict(error.isUnsupported ? .unknown : .bad, nil, error.reason)
      }
    }

    private init(of signature: SSHSignature, _ payload: [UInt8]) {
      let key = signature.key
      if signature.namespace != SSHSignature.commitNamespace {
        let namespace = String(decoding: signature.namespace, as: UTF8.self)
        self = .verdict(.bad, key, "the signature was made for the namespace '\(namespace)', not for git")
      } else if key.ed25519 == nil {
        self = .verdict(.unknown, key, "a signature with a key of the kind \(key.kind); only ssh-ed25519 is verified")
      } else if signature.isValid(of: payload) {
        self = .valid(key)
      } else {
        self = .verdict(.bad, key, "the signature is not the key's of this commit")
      }
    }

    /// What a text says it is.
    private static func kind(of text: [UInt8]) -> String {
      func begins(_ words: String) -> Bool { text.starts(with: "-----BEGIN \(words)-----".utf8) }
      if begins("PGP SIGNATURE") || begins("PGP MESSAGE") { return "a signature of OpenPGP" }
      return begins("SIGNED MESSAGE") ? "a signature of X.509" : "a signature of an unknown kind"
    }
  }
}

extension AllowedSigners {
  /// The file of a tree, or why there is none.
  package enum Reading: Sendable {
    case found(AllowedSigners)
    /// As a phrase without a full stop.
    case absent(reason: String)
  }
}

extension SSHSignature {
  /// The namespace of Git's signatures.
  static let commitNamespace = Array("git".utf8)
}
