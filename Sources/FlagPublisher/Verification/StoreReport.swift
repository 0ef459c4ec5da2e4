package import Ensign

/// What verifying a store, or a file of one, found.
package struct StoreReport: Sendable {
  /// The newest trust file; nil when the chain could not be verified.
  package var trust: TrustFile?
  /// What is wrong with the trust; nil when nothing is.
  package var trustFailure: VerificationError?
  /// The environments, each on its own.
  package var environments: [EnvironmentReport]
  /// Whether only a trust file was to be verified, so that there are no environments.
  package var isOfTrustAlone = false

  package init(trust: TrustFile?, trustFailure: VerificationError? = nil, environments: [EnvironmentReport] = []) {
    self.trust = trust
    self.trustFailure = trustFailure
    self.environments = environments
  }

  /// One word for everything: what is wrong with the trust, or else with the first environment that is not current.
  package var verdict: ClientStatus {
    if let trustFailure { return trustFailure.status }
    return environments.first { $0.verdict != .current }?.verdict
      ?? (environments.isEmpty && !isOfTrustAlone ? .starting : .current)
  }
}

/// What verifying an environment found.
package struct EnvironmentReport: Sendable {
  package var environment: String
  /// The manifest, once its signatures were verified.
  package var manifest: Manifest?
  /// The envelope that it came in.
  package var envelope: Envelope?
  /// The keys that signed and count.
  package var signers: [PublicKey] = []
  /// How many have to.
  package var threshold = 0
  /// The files that were looked at, in that order.
  package var files: [FileVerdict] = []
  /// The snapshot, once it was verified.
  package var snapshot: [UInt8]?

  package init(environment: String) { self.environment = environment }

  /// What was found of a file.
  package struct FileVerdict: Hashable, Sendable {
    package var path: String
    package var status: ClientStatus
    /// What is wrong; nil when nothing is.
    package var message: String?

    package init(path: String, status: ClientStatus, message: String? = nil) {
      self.path = path
      self.status = status
      self.message = message
    }
  }

  /// The first file's that is not as it should be.
  package var verdict: ClientStatus { files.first { $0.status != .current }?.status ?? .current }

  /// Notes that a file is as it should be, or stale.
  mutating func accept(_ path: String, as status: ClientStatus = .current, _ message: String? = nil) {
    files.append(FileVerdict(path: path, status: status, message: message))
  }

  /// Notes what is wrong with a file.
  mutating func refuse(_ path: String, _ error: VerificationError) {
    files.append(FileVerdict(path: path, status: error.status, message: error.message))
  }
}
