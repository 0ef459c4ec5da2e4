/// How an update of flags, or a verification, went.
///
/// The words are the same in the library, the command line, logs and metrics.
public enum ClientStatus: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  /// The store was not asked yet; flags are those of the state directory.
  case starting = "STARTING"
  /// The newest manifest was verified, and it is in force.
  case current = "CURRENT"
  /// The manifest, or the trust file, expired and no newer one was found: flags keep their values.
  case stale = "STALE"
  /// The store did not answer, not in time, or lacks a file.
  case unreachable = "UNREACHABLE"
  /// The store sent more bytes than the file may have.
  case oversized = "OVERSIZED"
  /// A file is not of its format.
  case malformed = "MALFORMED"
  /// Too few trusted keys signed.
  case untrusted = "UNTRUSTED"
  /// The manifest is another project's, another environment's, or of another epoch than the trust file.
  case mismatch = "MISMATCH"
  /// The manifest or the trust file is older than one that was accepted before.
  case rollback = "ROLLBACK"
  /// Two manifests of one epoch and sequence name different snapshots.
  case equivocation = "EQUIVOCATION"
  /// A snapshot's bytes are not those that its manifest names.
  case tampered = "TAMPERED"
  /// The snapshot needs a newer version of Ensign.
  case unsupported = "UNSUPPORTED"
  /// The service failed to start with the newest snapshot, so an older one or the defaults in its code are used.
  case held = "HELD"
  /// The state directory could not be read or written.
  case unstored = "UNSTORED"

  /// The word.
  public var description: String { rawValue }

  /// What the word says, as a sentence without a full stop.
  public var meaning: String {
    switch self {
    case .starting: "The store was not asked yet; flags are those of the state directory"
    case .current: "The newest manifest was verified and is in force"
    case .stale: "The manifest or the trust file has expired and there is no newer one; flags keep their values"
    case .unreachable: "The store does not answer, not in time, or lacks a file"
    case .oversized: "The store sent more bytes than the file may have"
    case .malformed: "A file is not of its format"
    case .untrusted: "Too few trusted keys signed"
    case .mismatch: "The manifest is another project's, another environment's, or of another epoch"
    case .rollback: "The manifest or the trust file is older than one accepted before"
    case .equivocation: "Two manifests of one epoch and sequence name different snapshots"
    case .tampered: "A snapshot's bytes are not those that its manifest names"
    case .unsupported: "The snapshot needs a newer version of Ensign"
    case .held: "The service failed to start with the newest snapshot; an older one or its code's defaults are used"
    case .unstored: "The state directory cannot be read or written"
    }
  }
}
