/// The signed statement of which snapshot an environment has, and where it comes from.
public struct Manifest: Hashable, Sendable {
  /// The media type of the payload.
  public static let payloadType = "application/vnd.ensign.manifest.v1+json"

  /// The commit that was compiled.
  public struct Source: Hashable, Sendable {
    /// The id of the commit.
    public var commit: String
    /// The id of its tree.
    public var tree: String
    /// The branch, such as `refs/heads/main`.
    public var ref: String

    /// A commit of a branch.
    public init(commit: String, tree: String, ref: String) {
      self.commit = commit
      self.tree = tree
      self.ref = ref
    }
  }

  /// The program that compiled.
  public struct Compiler: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its version.
    public var version: String

    /// A version of a program.
    public init(name: String, version: String) {
      self.name = name
      self.version = version
    }
  }

  /// The snapshot that a manifest names.
  public struct SnapshotReference: Hashable, Sendable {
    /// The digest of its bytes, as 64 hexadecimal digits.
    public var sha256: String
    /// How many bytes it has.
    public var size: Int
    /// How many flags it has.
    public var flags: Int
    /// The oldest reader that understands it.
    public var minimumReader: Int

    /// A snapshot by its digest.
    public init(sha256: String, size: Int, flags: Int, minimumReader: Int) {
      self.sha256 = sha256
      self.size = size
      self.flags = flags
      self.minimumReader = minimumReader
    }
  }

  /// The manifest that was in force before.
  public struct Previous: Hashable, Sendable {
    /// Its sequence.
    public var sequence: Int
    /// The digest of its payload, as 64 hexadecimal digits.
    public var sha256: String

    /// A manifest by the digest of its payload.
    public init(sequence: Int, sha256: String) {
      self.sequence = sequence
      self.sha256 = sha256
    }
  }

  /// The project.
  public var project: String
  /// The environment.
  public var environment: String
  /// The epoch, which is the trust file's.
  public var epoch: Int
  /// The number of commits on the first-parent chain of the branch.
  ///
  /// It never goes down within an epoch.
  public var sequence: Int
  /// When it was signed, to the second.
  public var created: Timestamp
  /// When a newer one is overdue, to the second.
  public var expires: Timestamp
  /// What was compiled.
  public var source: Source
  /// By what.
  public var compiler: Compiler
  /// Into what.
  public var snapshot: SnapshotReference
  /// What it replaces; nil for the first manifest of an environment.
  public var previous: Previous?
  /// Whether the snapshot was compiled from files that differ from the commit's, which nobody can prove afterwards.
  public var isDirty: Bool

  /// A manifest of its parts.
  public init(
    project: String, environment: String, epoch: Int, sequence: Int, created: Timestamp, expires: Timestamp,
    source: Source, compiler: Compiler, snapshot: SnapshotReference, previous: Previous? = nil, isDirty: Bool = false
  ) {
    self.project = project
    self.environment = environment
    self.epoch = epoch
    self.sequence = sequence
    self.created = created
    self.expires = expires
    self.source = source
    self.compiler = compiler
    self.snapshot = snapshot
    self.previous = previous
    self.isDirty = isDirty
  }

  /// Whether a newer manifest is overdue, by a clock that may be wrong by five minutes.
  public func isStale(at now: Timestamp) -> Bool { Clocks.isPast(expires, at: now) }
}
