package import Ensign

extension StoreVerifier {
  /// Reads the files of a store in a folder or behind an address.
  package static func reading(_ store: any StoreReader) -> Read {
    { path, limit throws(VerificationError) in
      do throws(StoreError) {
        switch try store.fetch(StoreRequest(path, limit: limit)) {
        case .content(let bytes, _): return bytes
        // Only asked for with a validator.
        case .unchanged: return nil
        }
      } catch {
        switch error.code {
        case .absent: return nil
        case .oversized: throw VerificationError(.oversized, error.description)
        case .unreachable, .unauthorized, .redirected: throw VerificationError(.unreachable, error.description)
        }
      }
    }
  }
}
