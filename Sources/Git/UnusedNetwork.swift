// What libgit2 initialises when it is loaded and nobody here uses: Ensign reads and writes repositories on disk, and
// never has libgit2 speak to a server. Two functions of the libraries below it take half of the time in which libgit2
// starts, so the released command exports functions of their names (`Package.swift`), which the dynamic linker finds
// first. A connection through libgit2, if there ever were one, would be refused: it would trust nobody. libcurl, whose
// connections are real, has its certificates from OpenSSL, and is asked for HTTP alone.

/// Reads no certificates in place of mbedTLS, which would parse the machine's whole list of authorities.
///
/// - Returns: 0, for an empty list.
@c(mbedtls_x509_crt_parse_file)
public func parseNoCertificates(_ chain: UnsafeMutableRawPointer?, _ path: UnsafePointer<CChar>?) -> CInt { 0 }

/// Initialises nothing in place of libssh2, which would set up all of OpenSSL.
///
/// - Returns: 0, for success.
@c(libssh2_init)
public func initializeNoShell(_ flags: CInt) -> CInt { 0 }
