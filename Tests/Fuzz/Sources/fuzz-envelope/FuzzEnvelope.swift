import Ensign
import FuzzSupport

/// Any bytes are an envelope or refused; nobody is found to have signed one that the fuzzer wrote, and what is written
/// of it reads back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEnvelope(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: size))
  guard let envelope = try? Envelope(parsing: bytes) else { return 0 }
  require(envelope.signers(among: Keys.all).isEmpty, "nobody signed")
  let written = envelope.bytes
  guard written.count <= Envelope.maximumSize else { return 0 }
  require((try? Envelope(parsing: written)) == envelope, "reads back")
  return 0
}

private enum Keys {
  /// A key whose secret half no input can have used.
  static let all: [PublicKey] = (try? SigningKey.generate()).map { [$0.publicKey] } ?? []
}
