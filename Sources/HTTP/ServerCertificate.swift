internal import CMicroHTTPD
internal import Synchronization

/// A certificate with its chain and secret key, as GnuTLS wants them for a handshake.
@safe final class ServerCertificate: @unchecked Sendable {
  // Unchecked: made before anybody sees it, and only read from then on.
  private let chain: UnsafeMutablePointer<gnutls_pcert_st>
  private let count: UInt32
  private let key: OpaquePointer
  private let library: GnuTLS

  /// A certificate of PEM, after which those follow that it rests on, and its key.
  ///
  /// - Throws: when one of them is unusable, or they do not belong together.
  init(certificate: [UInt8], key: [UInt8]) throws(HTTPServerError) {
    library = try GnuTLS.loaded()
    try library.check(certificate, key)
    unsafe self.key = try unsafe library.key(key)
    do throws(HTTPServerError) {
      unsafe (chain, count) = try unsafe library.chain(certificate)
    } catch {
      unsafe library.functions.pointee.gnutls_privkey_deinit(self.key)
      throw error
    }
  }

  deinit {
    for index in 0..<Int(count) { unsafe library.functions.pointee.gnutls_pcert_deinit(chain + index) }
    unsafe chain.deallocate()
    unsafe library.functions.pointee.gnutls_privkey_deinit(key)
  }

  // MARK: - Handshakes

  /// The certificate of the process's server, and those before it that handshakes may still be using.
  ///
  /// GnuTLS asks for a certificate without saying for whom, so there is one for a process.
  private struct Served {
    var current: ServerCertificate?
    var replaced: [(certificate: ServerCertificate, until: Int)] = []
  }

  private static let served = Mutex(Served())

  /// Has handshakes begin with this certificate.
  ///
  /// - Parameter second: until when the one before is kept; nil for the first one of a server.
  func serve(keepingOld second: Int?) throws(HTTPServerError) {
    let isServed = Self.served.withLock { served in
      if let current = served.current {
        guard let second else { return false }
        served.replaced.append((current, second))
      }
      served.current = self
      return true
    }
    guard isServed else { throw HTTPServerError("a process has one server of HTTPS at a time") }
  }

  /// Frees what no handshake uses any more.
  static func forgetReplaced(at second: Int) { served.withLock { $0.replaced.removeAll { $0.until < second } } }

  /// Ends the service, after the server was taken down.
  static func withdraw() { served.withLock { $0 = Served() } }

  /// What GnuTLS calls in each handshake.
  static let retrieve:
    @convention(c) (
      gnutls_session_t?, UnsafePointer<gnutls_datum_t>?, Int32, UnsafePointer<gnutls_pk_algorithm_t>?, Int32,
      UnsafeMutablePointer<UnsafeMutablePointer<gnutls_pcert_st>?>?, UnsafeMutablePointer<UInt32>?,
      UnsafeMutablePointer<gnutls_privkey_t?>?
    ) -> Int32 = { _, _, _, _, _, chain, count, key in
      served.withLock { served in
        guard let current = served.current, let chain = unsafe chain, let count = unsafe count, let key = unsafe key
        else {
          return -1
        }
        unsafe chain.pointee = current.chain
        unsafe count.pointee = current.count
        unsafe key.pointee = current.key
        return 0
      }
    }
}

extension GnuTLS {
  /// The longest chain.
  private static let greatestCount = 16

  /// Throws when a certificate or key is unusable, or they do not belong together.
  fileprivate func check(_ certificate: [UInt8], _ key: [UInt8]) throws(HTTPServerError) {
    // The only thing in GnuTLS that says whether a key is that of a certificate.
    var credentials: gnutls_certificate_credentials_t?
    let made = unsafe functions.pointee.gnutls_certificate_allocate_credentials(&credentials)
    guard made >= 0, let credentials = unsafe credentials else {
      throw error("there are no credentials for TLS", made)
    }
    defer { unsafe functions.pointee.gnutls_certificate_free_credentials(credentials) }
    let status = unsafe Self.withData(certificate) { certificate in
      unsafe Self.withData(key) { key in
        unsafe functions.pointee.gnutls_certificate_set_x509_key_mem(
          credentials, certificate, key, GNUTLS_X509_FMT_PEM)
      }
    }
    if status < 0 { throw error("the certificate and its key cannot be used", status) }
  }

  fileprivate func key(_ bytes: [UInt8]) throws(HTTPServerError) -> OpaquePointer {
    var key: gnutls_privkey_t?
    let made = unsafe functions.pointee.gnutls_privkey_init(&key)
    guard made >= 0, let key = unsafe key else { throw error("there is no key", made) }
    let status = unsafe Self.withData(bytes) {
      unsafe functions.pointee.gnutls_privkey_import_x509_raw(key, $0, GNUTLS_X509_FMT_PEM, nil, 0)
    }
    if status >= 0 { return unsafe key }
    unsafe functions.pointee.gnutls_privkey_deinit(key)
    throw error("the certificate's key cannot be used", status)
  }

  fileprivate func chain(
    _ bytes: [UInt8]
  ) throws(HTTPServerError) -> (UnsafeMutablePointer<gnutls_pcert_st>, UInt32) {
    let chain = UnsafeMutablePointer<gnutls_pcert_st>.allocate(capacity: Self.greatestCount)
    var count = UInt32(Self.greatestCount)
    let status = unsafe Self.withData(bytes) {
      unsafe functions.pointee.gnutls_pcert_list_import_x509_raw(
        chain, &count, $0, GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_SORT.rawValue)
    }
    if status >= 0 { return unsafe (chain, count) }
    unsafe chain.deallocate()
    throw error("the certificate cannot be used", status)
  }

  private static func withData(_ bytes: [UInt8], _ body: (UnsafePointer<gnutls_datum_t>) -> Int32) -> Int32 {
    // GnuTLS declares them as to be written, and does not.
    var bytes = bytes
    return unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      var data = unsafe gnutls_datum_t(data: bytes.baseAddress, size: UInt32(bytes.count))
      return unsafe body(&data)
    }
  }
}
