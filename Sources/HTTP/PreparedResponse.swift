internal import CMicroHTTPD

/// A response that is ready to be sent, any number of times and on any number of connections at once.
@safe package final class PreparedResponse: @unchecked Sendable {
  // Unchecked: libmicrohttpd counts the users of a response, which nobody changes once it is made.
  /// The status code.
  package let status: Int
  let handle: OpaquePointer
  private let library: MicroHTTPD

  /// A response with bytes, or some of them, as its body.
  ///
  /// `Content-Length`, `Date` and, where need be, `Connection` are added to the fields.
  ///
  /// - Throws: when a field has characters that no field may have, or there is no memory.
  package init(
    status: Int, fields: [(name: String, value: String)] = [], body: SharedBytes? = nil, range: Range<Int>? = nil
  ) throws(HTTPServerError) {
    let library = try MicroHTTPD.loaded()
    let range = range ?? 0..<(body?.count ?? 0)
    let retained = unsafe body.map { unsafe Unmanaged.passRetained($0) }
    let start = unsafe body?.start.map { unsafe $0 + range.lowerBound }
    let release: MHD_ContentReaderFreeCallback = { context in
      if let context = unsafe context { unsafe Unmanaged<SharedBytes>.fromOpaque(context).release() }
    }
    let handle = unsafe library.functions.pointee.MHD_create_response_from_buffer_with_free_callback_cls(
      range.count, start, release, retained?.toOpaque())
    guard let handle = unsafe handle else {
      unsafe retained?.release()
      throw HTTPServerError("libmicrohttpd has no memory for a response")
    }
    self.status = status
    self.library = library
    unsafe self.handle = handle
    for (name, value) in fields { try add(name, value) }
  }

  /// Takes over a response that the library has made.
  init(
    status: Int, fields: [(name: String, value: String)], adopting handle: OpaquePointer, of library: MicroHTTPD
  ) throws(HTTPServerError) {
    self.status = status
    self.library = library
    unsafe self.handle = handle
    for (name, value) in fields { try add(name, value) }
  }

  deinit { unsafe library.functions.pointee.MHD_destroy_response(handle) }

  private func add(_ name: String, _ value: String) throws(HTTPServerError) {
    guard unsafe library.functions.pointee.MHD_add_response_header(handle, name, value) == .YES else {
      throw HTTPServerError("the field \(name) cannot be sent")
    }
  }
}
