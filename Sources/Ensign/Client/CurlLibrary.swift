internal import CCurl

/// libcurl's functions, once the library is loaded and initialised; that is never undone.
struct CurlLibrary: @unchecked Sendable {
  // Unchecked: the table is written before anybody sees it, and never again.
  /// The functions, in memory that is never freed.
  let functions: UnsafePointer<ensign_curl>

  private static let shared: Result<CurlLibrary, StoreError> = load()

  /// The library, loaded by the first caller.
  static func loaded() throws(StoreError) -> CurlLibrary { try shared.get() }

  private static func load() -> Result<CurlLibrary, StoreError> {
    let table = UnsafeMutablePointer<ensign_curl>.allocate(capacity: 1)
    if let reason = ensign_curl_load(table) {
      let message =
        "libcurl cannot be loaded: \(String(cString: reason)); install it (Debian: apt-get install libcurl4)"
      return .failure(StoreError(.unreachable, message))
    }
    let status = table.pointee.curl_global_init(Int(CURL_GLOBAL_DEFAULT))
    guard status == CURLE_OK else {
      return .failure(StoreError(.unreachable, "libcurl cannot be initialised: error \(status.rawValue)"))
    }
    return .success(CurlLibrary(functions: table))
  }
}
