import Ensign
import FuzzSupport

/// Any bytes are the payload of a manifest or refused, and what is written of it reads back.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzManifest(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: size))
  guard let value = try? Manifest(payload: bytes) else { return 0 }
  require((try? Manifest(payload: value.payload)) == value, "reads back")
  return 0
}
