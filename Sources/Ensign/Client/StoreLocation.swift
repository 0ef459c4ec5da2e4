/// Where a store is, as people write it: an address of HTTP, or a folder.
package enum StoreLocation: Hashable, Sendable {
  /// A folder of the file system, absolute or relative to the working directory.
  case folder(String)
  /// The address below which the files are.
  case address(HTTPAddress)

  /// Reads `https://host/path`, `file:///path` or a path.
  ///
  /// - Throws: a phrase that says what is wrong.
  package init(_ text: String) throws(StoreLocationError) {
    guard let scheme = Self.scheme(of: text) else {
      guard !text.isEmpty, !text.utf8.contains(0) else {
        throw StoreLocationError("a store has an address or a folder")
      }
      self = .folder(text)
      return
    }
    switch scheme {
    case "http", "https": self = .address(try HTTPAddress(text))
    case "file": self = .folder(try Self.folder(ofURL: text))
    default: throw StoreLocationError("a store's address begins with https://, http:// or file://, not \(scheme)://")
    }
  }

  /// What stands before `://`, in lower case.
  private static func scheme(of text: String) -> String? {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    return text[..<colon].lowercased()
  }

  private static func folder(ofURL text: String) throws(StoreLocationError) -> String {
    let rest = text.dropFirst("file://".count)
    let path = rest.hasPrefix("localhost/") ? rest.dropFirst("localhost".count) : rest
    guard path.hasPrefix("/") else {
      throw StoreLocationError("file:// is followed by an absolute path, such as file:///srv/flags")
    }
    guard let bytes = PercentDecoding.bytes(of: path), !bytes.contains(0) else {
      throw StoreLocationError("in a file:// address, % is followed by two hexadecimal digits, not 00")
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// What is wrong with a store's address.
package struct StoreLocationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// As a phrase without a full stop.
  package let description: String

  init(_ description: String) { self.description = description }
}

/// The address of a store behind HTTP.
package struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
  /// `https://user:password@host:port/path`, without a slash at the end.
  private let text: String

  init(_ text: String) throws(StoreLocationError) {
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
      throw StoreLocationError("a store's address contains neither spaces nor control characters")
    }
    guard !text.contains("?"), !text.contains("#") else {
      throw StoreLocationError("a store's address has no part after ? or #: the names of files are put behind it")
    }
    guard let parts = Self.parts(text), !parts.host.isEmpty, !parts.host.hasPrefix(":") else {
      throw StoreLocationError("a store's address has a host, such as https://flags.example.com/store")
    }
    var text = text
    while text.hasSuffix("/") { text.removeLast() }
    self.text = text
  }

  /// The address of a file of the store.
  func url(of path: String) -> String { "\(text)/\(path)" }

  /// The address without the password, for people and logs.
  package var description: String {
    guard let parts = Self.parts(text) else { return "" }
    return "\(parts.scheme)://\(parts.host)\(parts.path)"
  }

  /// Whether nobody on the way can read what is sent: over TLS, or to this machine itself.
  var isConfidential: Bool {
    guard let parts = Self.parts(text) else { return false }
    if parts.scheme.lowercased() == "https" { return true }
    if parts.host.hasPrefix("[") { return parts.host.hasPrefix("[::1]") }
    let host = String(parts.host.prefix { $0 != ":" })
    // A name may begin like a number.
    return host == "localhost" || (host.hasPrefix("127.") && (try? IPAddress(host)) != nil)
  }

  /// Scheme and host of an absolute address, without the password; nil of a relative one.
  static func origin(of text: String) -> String? {
    parts(text).map { "\($0.scheme)://\($0.host)" }
  }

  /// The host with its port, and the path with its slash; what stands before `@` is left out.
  private static func parts(_ text: String) -> (scheme: Substring, host: Substring, path: Substring)? {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    let rest = text[colon...].dropFirst(3)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let host = authority.lastIndex(of: "@").map { authority[$0...].dropFirst() } ?? authority
    return (text[..<colon], host, rest[authority.endIndex...].prefix { $0 != "?" && $0 != "#" })
  }
}
