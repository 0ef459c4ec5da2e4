internal import CMicroHTTPD

/// libmicrohttpd's functions, once the library is loaded; that is never undone.
@safe struct MicroHTTPD: @unchecked Sendable {
  // Unchecked: the table is written before anybody sees it, and never again.
  /// The functions, in memory that is never freed.
  let functions: UnsafePointer<ensign_mhd>
  /// Whether what lies around the header fields in memory is known: see ``RequestGate``.
  let showsLineEnds: Bool

  private static let shared: Result<MicroHTTPD, HTTPServerError> = load()

  /// The library, loaded by the first caller.
  static func loaded() throws(HTTPServerError) -> MicroHTTPD { try shared.get() }

  private static func load() -> Result<MicroHTTPD, HTTPServerError> {
    let table = UnsafeMutablePointer<ensign_mhd>.allocate(capacity: 1)
    if let reason = unsafe ensign_mhd_load(table) {
      let message = unsafe "libmicrohttpd cannot be loaded: \(String(cString: reason))"
      return .failure(HTTPServerError(message, help: "install it (Debian: apt-get install libmicrohttpd12)"))
    }
    let version = unsafe table.pointee.MHD_get_version().map { unsafe String(cString: $0) } ?? ""
    // Later versions refuse these forms themselves, and may keep lines in another way.
    return .success(unsafe MicroHTTPD(functions: table, showsLineEnds: version.hasPrefix("0.9.7")))
  }
}

/// Why a server does not start.
package struct HTTPServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, as a phrase without a full stop.
  package let description: String
  /// What to do about it; nil when the description says it.
  package let help: String?

  init(_ description: String, help: String? = nil) {
    self.description = description
    self.help = help
  }
}
