import FuzzSupport
import Signatures

/// Any commit object with any allowed-signers file gets a verdict; it is good only by somebody whom the file names.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSSHSig(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let files = splitFiles(UnsafeBufferPointer(start: start, count: size))
  let commit = SignedCommit(object: files.first?.bytes ?? [])
  let unsigned = SignedCommit(object: commit.payload)
  require(unsigned.signatures.isEmpty && unsigned.payload == commit.payload, "what was signed has no signature")
  let signers = AllowedSigners(files.dropFirst().first?.bytes ?? [])
  let time: Int64 = 1_793_523_600
  let verdict = CommitSignature(of: commit, at: time) { .found(signers) }
  require((verdict.status == .good) == (verdict.principal != nil), "good by somebody")
  require((verdict.status == .none) == commit.signatures.isEmpty, "none without a signature")
  require(verdict.status == .good || verdict.status == .none || verdict.reason != nil, "says why")
  let alone = CommitSignature(of: commit, at: time) { .found(AllowedSigners([])) }
  require(alone.status == (verdict.status == .good ? .untrusted : verdict.status), "nobody is allowed by nothing")
  return 0
}
