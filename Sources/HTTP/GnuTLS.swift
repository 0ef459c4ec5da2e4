internal import CMicroHTTPD

/// GnuTLS's functions, once the library is loaded; that is never undone.
@safe struct GnuTLS: @unchecked Sendable {
  // Unchecked: the table is written before anybody sees it, and never again.
  /// The functions, in memory that is never freed.
  let functions: UnsafePointer<ensign_tls>

  private static let shared: Result<GnuTLS, HTTPServerError> = load()

  /// The library, loaded by the first caller.
  static func loaded() throws(HTTPServerError) -> GnuTLS { try shared.get() }

  private static func load() -> Result<GnuTLS, HTTPServerError> {
    let table = UnsafeMutablePointer<ensign_tls>.allocate(capacity: 1)
    if let reason = unsafe ensign_tls_load(table) {
      return .failure(HTTPServerError("GnuTLS cannot be loaded: \(unsafe String(cString: reason))"))
    }
    return .success(unsafe GnuTLS(functions: table))
  }

  /// An error of one of its functions.
  func error(_ what: String, _ status: Int32) -> HTTPServerError {
    let reason = unsafe functions.pointee.gnutls_strerror(status).map { unsafe String(cString: $0) } ?? "\(status)"
    return HTTPServerError("\(what): \(reason)")
  }
}
