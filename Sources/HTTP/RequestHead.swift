internal import CMicroHTTPD
internal import Glibc

/// The head of a request that is being answered.
///
/// It can be used during the call that it came with, and copies what is asked of it only.
@safe package struct RequestHead: ~Copyable {
  /// The methods that are told apart.
  package enum Method: Hashable, Sendable {
    case get
    case head
    case post
    case put
    case options
    case other
  }

  private let library: MicroHTTPD
  private let connection: OpaquePointer
  private let url: UnsafeRawBufferPointer
  /// The method as it was sent.
  private let methodText: UnsafePointer<CChar>
  /// What follows the question mark, as it was sent; nil when there is none.
  package let query: String?
  /// The method.
  package let method: Method

  init(
    _ library: MicroHTTPD, _ connection: OpaquePointer, url: UnsafePointer<CChar>, method: UnsafePointer<CChar>,
    query: String?
  ) {
    self.library = library
    unsafe self.connection = connection
    unsafe self.url = Self.path(in: UnsafeRawBufferPointer(start: url, count: strlen(url)))
    unsafe methodText = method
    unsafe self.method = Self.method(method)
    self.query = query
  }

  private static func method(_ text: UnsafePointer<CChar>) -> Method {
    if unsafe strcmp(text, "GET") == 0 { return .get }
    if unsafe strcmp(text, "HEAD") == 0 { return .head }
    if unsafe strcmp(text, "POST") == 0 { return .post }
    if unsafe strcmp(text, "PUT") == 0 { return .put }
    if unsafe strcmp(text, "OPTIONS") == 0 { return .options }
    return .other
  }

  /// The path of a target, which a client that takes the server for a proxy writes with scheme and host.
  private static func path(in target: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    if unsafe target.first == UInt8(ascii: "/") { return unsafe target }
    for scheme in ["http://", "https://"] where unsafe target.starts(with: scheme.utf8) {
      let authority = unsafe target.dropFirst(scheme.utf8.count)
      guard let slash = unsafe authority.firstIndex(of: UInt8(ascii: "/")) else { break }
      return unsafe UnsafeRawBufferPointer(rebasing: target[slash...])
    }
    return unsafe target
  }

  /// The name of the method, such as `DELETE`.
  package var methodName: String { unsafe String(cString: methodText) }

  /// The path as it was sent, nothing in it decoded, without the query.
  package var path: String { unsafe String(decoding: url, as: UTF8.self) }

  /// The place that an index has for the path; nil when it has none.
  package func place(in index: PathIndex) -> Int? { unsafe index.place(of: url) }

  /// The value of the first field of a name, in any case, without white space around it.
  package func field(_ name: StaticString) -> String? {
    unsafe rawField(name).map { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// The value of the first field of a name, where it lies.
  func rawField(_ name: StaticString) -> UnsafeRawBufferPointer? {
    let name = unsafe UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    let value = unsafe library.functions.pointee.MHD_lookup_connection_value(
      connection, MHD_ValueKind.HEADER_KIND, name)
    return unsafe value.map { unsafe Self.trimmed(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
  }

  private static func trimmed(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    var end = value.count
    while unsafe end > 0 && (value[end - 1] == 0x20 || value[end - 1] == 0x09) { end -= 1 }
    return unsafe UnsafeRawBufferPointer(rebasing: value[..<end])
  }

  /// All fields, in the order in which they were sent, with names in lower case and no white space around values.
  package var fields: [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    unsafe forEachField(library, connection) { name, nameCount, value, valueCount in
      let name = unsafe String(decoding: UnsafeRawBufferPointer(start: name, count: nameCount), as: UTF8.self)
      let value = unsafe Self.trimmed(UnsafeRawBufferPointer(start: value, count: valueCount))
      unsafe fields.append((name.lowercased(), String(decoding: value, as: UTF8.self)))
    }
    return fields
  }

  /// The address of the other side, without the port.
  package var client: String {
    guard let address = unsafe ensign_mhd_address(library.functions, connection) else { return "" }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    switch unsafe Int32(address.pointee.sa_family) {
    case AF_INET:
      unsafe address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
        var number = unsafe address.pointee.sin_addr
        _ = unsafe inet_ntop(AF_INET, &number, &text, socklen_t(text.count))
      }
    case AF_INET6:
      unsafe address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
        var number = unsafe address.pointee.sin6_addr
        _ = unsafe inet_ntop(AF_INET6, &number, &text, socklen_t(text.count))
      }
    default: break
    }
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

/// Calls `body` with each field of a request's head.
func forEachField(
  _ library: MicroHTTPD, _ connection: OpaquePointer,
  _ body: (UnsafePointer<CChar>, Int, UnsafePointer<CChar>?, Int) -> Void
) {
  unsafe withoutActuallyEscaping(body) { body in
    var body = unsafe body
    unsafe withUnsafeMutablePointer(to: &body) { context in
      _ = unsafe library.functions.pointee.MHD_get_connection_values_n(
        connection, MHD_ValueKind.HEADER_KIND,
        { context, _, name, nameCount, value, valueCount in
          typealias Body = (UnsafePointer<CChar>, Int, UnsafePointer<CChar>?, Int) -> Void
          guard let context = unsafe context, let name = unsafe name else { return .NO }
          unsafe context.assumingMemoryBound(to: Body.self).pointee(name, nameCount, value, valueCount)
          return .YES
        }, context)
    }
  }
}
