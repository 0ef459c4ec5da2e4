internal import Ensign

/// What a client does with each manifest that it downloads, against the bare check of its signature.
struct VerificationBenchmark {
  private let turns: Int
  private let trust: TrustFile
  private let manifest: Manifest
  private let envelope: Envelope
  private let bytes: [UInt8]

  /// How many manifests are verified in one turn.
  private static let operations = 100

  init(_ options: Options) throws {
    turns = options.rounds ?? 31
    let key = try SigningKey.generate()
    let role = TrustFile.Role(keyIDs: [key.publicKey.id], threshold: 1)
    trust = TrustFile(
      version: 1, epoch: 1, expires: Timestamp(milliseconds: .max), keys: [key.publicKey.id: key.publicKey],
      root: role, publish: role)
    let zeros = String(repeating: "0", count: 64)
    manifest = Manifest(
      project: "acme-shop", environment: "production", epoch: 1, sequence: 412, created: Timestamp(milliseconds: 0),
      expires: Timestamp(milliseconds: 604_800_000),
      source: .init(commit: zeros, tree: zeros, ref: "refs/heads/main"), compiler: .init(name: "ensign", version: "1"),
      snapshot: .init(sha256: zeros, size: 48_213, flags: 317, minimumReader: 1),
      previous: .init(sequence: 411, sha256: zeros))
    var envelope = Envelope(payload: manifest.payload, payloadType: Manifest.payloadType)
    envelope.sign(with: key)
    self.envelope = envelope
    bytes = envelope.bytes
  }

  func run(into report: inout Report) throws {
    guard try verify() == manifest else { throw Failure("another manifest was read than was signed") }
    let times = try inTurns(
      turns, { try seconds { try repeating { try verify().sequence == manifest.sequence } } },
      { try seconds { try repeating(verifySignature) } })
    report.add(
      "verify a manifest", .seconds(median(times[0]) / Double(Self.operations)), against: "its signature alone",
      .seconds(median(times[1]) / Double(Self.operations)),
      ratio: median(zip(times[0], times[1]).map { $0 / $1 }))
    report.add(
      "verify a manifest, in all", .seconds(median(times[0]) / Double(Self.operations)), limit: .verifyTime)
  }

  private func verify() throws(VerificationError) -> Manifest {
    try Manifest.verified(bytes, by: trust, project: manifest.project, environment: manifest.environment)
  }

  private func verifySignature() -> Bool {
    trust.keys(of: trust.publish).allSatisfy { $0.verifies(envelope.signatures[0].bytes, of: envelope.signedBytes) }
  }

  private func repeating(_ work: () throws -> Bool) throws {
    for _ in 0..<Self.operations where try !work() { throw Failure("the manifest is not verified") }
  }
}
