internal import Ensign
internal import FlagCompiler
internal import FlagPublisher
internal import FlagSource
internal import Git

/// What commands that publish are told about the store and the keys.
struct PublisherArguments: Hashable, Sendable {
  var store: String?
  var keys: [String] = []
  var expiresIn: String?
  var trust: String?
  var passphraseFile: String?
  var tokenFile: String?
  var now: String?

  /// Opens the store, reads the keys, and verifies that they may sign there.
  func publisher(in session: Session) throws(CommandError) -> Publisher {
    let target = try session.publicationTarget(store, tokenFile: tokenFile)
    let lifetime = try Lifetime(expiresIn ?? "7d", of: "expires-in")
    let now = try session.time(now)
    let anchor = try trust.map { path throws(CommandError) in try session.envelope(path, of: "--trust") }
    let keys = try KeyArguments(session, passphraseFile: passphraseFile).requiredSigningKeys(keys)
    return try publishing { () throws(PublishingError) in
      try Publisher(
        to: target, anchor: anchor, keys: keys, compiler: .init(name: "ensign", version: Program.version), now: now,
        lifetime: lifetime.milliseconds)
    }
  }
}

extension CheckedSource {
  /// Compiles environments, signs the snapshots and publishes them as those of a commit.
  ///
  /// - Parameter isDirty: whether the tree is not that of the commit.
  func publish(
    _ names: [String], of commit: PublishedCommit, isDirty: Bool = false, by publisher: Publisher,
    from repository: borrowing Repository, in session: Session
  ) throws(CommandError) -> [PublishedManifest] {
    let snapshots = try Progress.during("ensign: compiling …", in: session) { () throws(CommandError) in
      try compiled(for: names) {
        Publication.Candidate(
          environment: $0.environment, bytes: $0.bytes, flagCount: $0.snapshot.count,
          minimumReader: SnapshotCompiler.minimumReader)
      }
    }
    let publication = Publication(
      project: tree.manifest.project.value, source: commit.source, sequence: commit.sequence, isDirty: isDirty,
      snapshots: snapshots)
    return try publishing { () throws(PublishingError) in
      try publisher.publish(publication) { older throws(PublishingError) in
        try commit.follows(older, in: repository)
      }
    }
  }
}
