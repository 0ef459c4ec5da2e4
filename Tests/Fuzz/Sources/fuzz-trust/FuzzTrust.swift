import Ensign
import FuzzSupport

/// Any bytes are the payload of a trust file or refused, and what is written of it reads back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTrust(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: size))
  guard let value = try? TrustFile(payload: bytes) else { return 0 }
  require((try? TrustFile(payload: value.payload)) == value, "reads back")
  return 0
}
