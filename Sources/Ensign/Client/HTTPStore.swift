internal import CCurl
internal import Glibc
internal import Synchronization

/// A store behind HTTP or HTTPS, read with libcurl.
///
/// One connection is kept and used again. Redirects are not followed: they are an error that names the other host, so
/// that whoever configured the address can decide. Servers' certificates are verified, against the system's authorities
/// or the file that the variable `SSL_CERT_FILE` names; proxies are those of the environment (`http_proxy`,
/// `https_proxy`, `no_proxy`).
package final class HTTPStore: StoreReader {
  /// How long things may take.
  package struct Timeouts: Hashable, Sendable {
    /// Until there is a connection.
    package var connect: Duration
    /// For one file as a whole.
    package var total: Duration
    /// Without a thousand bytes in a second.
    package var stalled: Duration

    /// The times of a request.
    package init(connect: Duration, total: Duration, stalled: Duration) {
      self.connect = connect
      self.total = total
      self.stalled = stalled
    }
  }

  package let name: String
  private let address: HTTPAddress
  private let timeouts: Timeouts
  /// What the server asks for before it answers; never in a message.
  private let token: String?
  /// The handle, made by the first request, and held for as long as one takes.
  private let handle = Guarded<CurlHandle?>(nil)
  private let isCancelled = Atomic<Bool>(false)

  /// The store below an address.
  ///
  /// - Parameter token: the token of a server that asks for one.
  /// - Throws: when others could read the token on its way, or it is none.
  package init(_ address: HTTPAddress, timeouts: Timeouts, token: String? = nil) throws(StoreLocationError) {
    name = address.description
    self.address = address
    self.timeouts = timeouts
    self.token = token
    guard let token else { return }
    guard address.isConfidential else {
      throw StoreLocationError("a token is sent over https:// only, or to this machine itself")
    }
    guard !token.isEmpty, token.utf8.count <= 1024, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw StoreLocationError("a token is one line of visible ASCII characters")
    }
  }

  package func cancel() { isCancelled.store(true, ordering: .releasing) }

  package func fetch(_ request: StoreRequest) throws(StoreError) -> StoreAnswer {
    var transfer = HTTPTransfer(limit: request.limit, isCancelled: { self.isCancelled.load(ordering: .acquiring) })
    let failure = try perform(request, into: &transfer)
    if transfer.isOversized { throw StoreError(.oversized, "\(request.path) has more than \(request.limit) bytes") }
    // An answer that is not the file is told by its status, however its body ended.
    switch transfer.status {
    case 200 where failure == nil: return .content(transfer.bytes, validator: transfer.validator)
    case 304 where request.validator != nil: return .unchanged
    case 300..<400:
      let target = transfer.location.flatMap { HTTPAddress.origin(of: $0) } ?? "another path"
      throw StoreError(
        .redirected, "\(request.path) is redirected to \(target), which is not followed: configure the final address")
    case 401:
      let reason = token == nil ? "the server asks for a token" : "the server does not know the token"
      throw StoreError(.unauthorized, "\(request.path): \(reason): HTTP status 401")
    case 403 where token != nil:
      throw StoreError(.unauthorized, "\(request.path): the token is not for that: HTTP status 403")
    // An object store that may not be listed answers 403 where there is nothing.
    case 403, 404, 410: throw StoreError(.absent, "\(request.path) does not exist: HTTP status \(transfer.status)")
    case 0, 200: throw StoreError(.unreachable, "\(request.path): \(failure ?? "the server gave no answer")")
    default: throw StoreError(.unreachable, "\(request.path): the server answers with HTTP status \(transfer.status)")
    }
  }

  /// Puts bytes below a path.
  ///
  /// - Returns: the status, and the answer's bytes up to the limit.
  package func put(
    _ body: [UInt8], to path: String, mediaType: String, limit: Int
  ) throws(StoreError) -> (status: Int, answer: [UInt8]) {
    var transfer = HTTPTransfer(
      limit: limit, keepsErrorPages: true, isCancelled: { self.isCancelled.load(ordering: .acquiring) })
    var request = StoreRequest(path, limit: limit)
    request.body = .init(bytes: body, mediaType: mediaType)
    let failure = try perform(request, into: &transfer)
    guard transfer.status != 0, failure == nil || transfer.status >= 400 else {
      throw StoreError(.unreachable, "\(path): \(failure ?? "the server gave no answer")")
    }
    return (transfer.status, transfer.bytes)
  }

  /// Makes a request with the handle, which the first one makes; what went wrong on the way, or nil.
  private func perform(_ request: StoreRequest, into transfer: inout HTTPTransfer) throws(StoreError) -> String? {
    let result = handle.withLock { handle in
      Result { () throws(StoreError) in
        if handle == nil { handle = try CurlHandle(timeouts, token: token) }
        guard let handle else { throw StoreError(.unreachable, "libcurl gave no handle") }
        return try handle.perform(request, at: address, into: &transfer)
      }
    }
    let failure = try result.get()
    if isCancelled.load(ordering: .acquiring) {
      throw StoreError(.unreachable, "\(request.path): the client was closed")
    }
    return failure
  }
}

/// What libcurl's callbacks gather of one answer.
struct HTTPTransfer {
  let limit: Int
  let keepsErrorPages: Bool
  let isCancelled: () -> Bool
  /// The last status line's.
  private(set) var status = 0
  private(set) var bytes: [UInt8] = []
  private(set) var isOversized = false
  private(set) var validator: String?
  private(set) var location: String?
  private var discarded = 0

  /// Bytes of an error page that are read, so that the connection can be used again.
  private static let greatestErrorPage = 65_536

  init(limit: Int, keepsErrorPages: Bool = false, isCancelled: @escaping () -> Bool) {
    self.limit = limit
    self.keepsErrorPages = keepsErrorPages
    self.isCancelled = isCancelled
  }

  /// Takes decoded bytes of the body; whether it wants more.
  mutating func receive(_ body: UnsafeRawBufferPointer) -> Bool {
    guard status == 200 || keepsErrorPages else {
      discarded += body.count
      return discarded <= Self.greatestErrorPage
    }
    guard body.count <= limit - bytes.count else {
      isOversized = true
      return false
    }
    bytes.append(contentsOf: body)
    return true
  }

  /// Takes one line of the header.
  mutating func receive(header line: String) {
    if line.hasPrefix("HTTP/") {
      // An interim answer may come before the final one.
      status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
      bytes = []
      (validator, location) = (nil, nil)
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    let text = String(value.prefix { $0 != "\r" && $0 != "\n" && $0 != "\r\n" })
    switch line[..<colon].lowercased() {
    // Of a strange one only the next request would suffer.
    case "etag": validator = text.utf8.count <= 256 ? text : nil
    case "location": location = text
    default: break
    }
  }
}

/// Owns a libcurl handle, with the connections that it keeps.
private final class CurlHandle {
  private let library: CurlLibrary
  private let curl: UnsafeMutableRawPointer
  private let token: String?
  private let timeouts: HTTPStore.Timeouts
  /// Where libcurl writes what went wrong.
  private let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

  init(_ timeouts: HTTPStore.Timeouts, token: String?) throws(StoreError) {
    library = try CurlLibrary.loaded()
    self.token = token
    guard let curl = library.functions.pointee.curl_easy_init() else {
      throw StoreError(.unreachable, "libcurl has no memory for a handle")
    }
    self.curl = curl
    message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    self.timeouts = timeouts
    try configure()
  }

  deinit {
    library.functions.pointee.curl_easy_cleanup(curl)
    message.deallocate()
  }

  private func configure() throws(StoreError) {
    // Threads and signals do not mix: time-outs without SIGALRM.
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    try set(CURLOPT_FOLLOWLOCATION, 0)
    try set(CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.milliseconds)
    try set(CURLOPT_LOW_SPEED_LIMIT, 1000)
    try set(CURLOPT_NOPROGRESS, 0)
    // Whatever compression libcurl can undo; the limit counts what comes out.
    try set(CURLOPT_ACCEPT_ENCODING, "")
    try set(CURLOPT_USERAGENT, "ensign/\(LibraryVersion.text)")
    // Read by most programs, but not by libcurl itself.
    if let authorities = getenv("SSL_CERT_FILE") { try set(CURLOPT_CAINFO, String(cString: authorities)) }
    try check(ensign_curl_set_pointer(library.functions, curl, CURLOPT_ERRORBUFFER, message))
    try check(ensign_curl_set_receiver(library.functions, curl, CURLOPT_WRITEFUNCTION, receiveBody))
    try check(ensign_curl_set_receiver(library.functions, curl, CURLOPT_HEADERFUNCTION, receiveHeader))
    try check(ensign_curl_set_watcher(library.functions, curl, watch))
  }

  /// Makes a request; what went wrong on the way, or nil.
  func perform(
    _ request: StoreRequest, at address: HTTPAddress, into transfer: inout HTTPTransfer
  ) throws(StoreError) -> String? {
    try set(CURLOPT_URL, address.url(of: request.path))
    try set(CURLOPT_TIMEOUT_MS, timeouts.total.milliseconds + request.wait * 1000)
    try set(CURLOPT_LOW_SPEED_TIME, max(1, timeouts.stalled.milliseconds / 1000) + request.wait)
    try set(CURLOPT_FRESH_CONNECT, request.bypassesCaches ? 1 : 0)
    // Of a compressed answer this limits the compressed bytes; the decoded ones are counted as they come.
    try check(ensign_curl_set_size(library.functions, curl, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.limit)))
    let headers = try headers(of: request)
    defer { library.functions.pointee.curl_slist_free_all(headers) }
    try check(ensign_curl_set_pointer(library.functions, curl, CURLOPT_HTTPHEADER, headers))
    if let body = request.body { try upload(body) }
    message[0] = 0
    let status = try withUnsafeMutablePointer(to: &transfer) { transfer throws(StoreError) in
      for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_XFERINFODATA] {
        try check(ensign_curl_set_pointer(library.functions, curl, option, transfer))
      }
      return BrokenPipe.ignored { library.functions.pointee.curl_easy_perform(curl) }
    }
    try check(ensign_curl_set_pointer(library.functions, curl, CURLOPT_HTTPHEADER, nil))
    if request.body != nil { try download() }
    switch status {
    case CURLE_OK: return nil
    case CURLE_FILESIZE_EXCEEDED: throw StoreError(.oversized, "\(request.path) has more than \(request.limit) bytes")
    default: return message[0] == 0 ? text(of: status) : String(cString: message)
    }
  }

  /// Makes the next request a PUT of bytes, of which libcurl makes a copy.
  private func upload(_ body: StoreRequest.Body) throws(StoreError) {
    try check(
      ensign_curl_set_size(library.functions, curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.bytes.count)))
    let status = body.bytes.withUnsafeBytes {
      // Without a byte there is no pointer, for which libcurl would ask a callback.
      ensign_curl_set_pointer(
        library.functions, curl, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
    }
    try check(status)
    try set(CURLOPT_CUSTOMREQUEST, "PUT")
  }

  /// Makes the next request a GET again.
  private func download() throws(StoreError) {
    try check(ensign_curl_set_pointer(library.functions, curl, CURLOPT_CUSTOMREQUEST, nil))
    try set(CURLOPT_HTTPGET, 1)
  }

  private func headers(of request: StoreRequest) throws(StoreError) -> UnsafeMutablePointer<curl_slist>? {
    var lines = ["Accept: application/json, application/octet-stream"]
    if let token { lines.append("Authorization: Bearer \(token)") }
    if let body = request.body { lines.append("Content-Type: \(body.mediaType)") }
    if let validator = request.validator { lines.append("If-None-Match: \(validator)") }
    if request.wait > 0 { lines.append("Prefer: wait=\(request.wait)") }
    if request.bypassesCaches { lines += ["Cache-Control: no-cache", "Pragma: no-cache"] }
    var list: UnsafeMutablePointer<curl_slist>?
    for line in lines {
      guard let longer = library.functions.pointee.curl_slist_append(list, line) else {
        library.functions.pointee.curl_slist_free_all(list)
        throw StoreError(.unreachable, "libcurl has no memory for a header")
      }
      list = longer
    }
    return list
  }

  private func set(_ option: CURLoption, _ number: Int) throws(StoreError) {
    try check(ensign_curl_set_number(library.functions, curl, option, number))
  }

  private func set(_ option: CURLoption, _ text: String) throws(StoreError) {
    try check(ensign_curl_set_text(library.functions, curl, option, text))
  }

  private func check(_ status: CURLcode) throws(StoreError) {
    guard status == CURLE_OK else { throw StoreError(.unreachable, "libcurl refuses an option: \(text(of: status))") }
  }

  private func text(of status: CURLcode) -> String {
    library.functions.pointee.curl_easy_strerror(status).map { String(cString: $0) } ?? "error \(status.rawValue)"
  }
}

// MARK: - What libcurl calls

private let receiveBody: ensign_curl_receiver = { bytes, size, count, context in
  guard let transfer = context?.assumingMemoryBound(to: HTTPTransfer.self) else { return 0 }
  // A count other than that of the bytes ends the transfer.
  return transfer.pointee.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : .max
}

private let receiveHeader: ensign_curl_receiver = { bytes, size, count, context in
  guard let transfer = context?.assumingMemoryBound(to: HTTPTransfer.self) else { return 0 }
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  transfer.pointee.receive(header: String(decoding: line, as: UTF8.self))
  return size * count
}

private let watch: ensign_curl_watcher = { context, _, _, _, _ in
  guard let transfer = context?.assumingMemoryBound(to: HTTPTransfer.self) else { return 1 }
  return transfer.pointee.isCancelled() ? 1 : 0
}

/// SIGPIPE, which a TLS library may raise by writing to a connection that the server has closed, and which would end a
/// process that does not expect it.
enum BrokenPipe {
  /// Runs `body` without the signal reaching anybody.
  static func ignored<Result>(during body: () -> Result) -> Result {
    var pipe = sigset_t()
    var before = sigset_t()
    var pending = sigset_t()
    sigemptyset(&pipe)
    sigaddset(&pipe, SIGPIPE)
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &pipe, &before)
    defer {
      // It is sent to the thread that wrote: take it away before it is let through again.
      var now = timespec()
      if !wasPending { while sigtimedwait(&pipe, nil, &now) == SIGPIPE {} }
      pthread_sigmask(SIG_SETMASK, &before, nil)
    }
    return body()
  }
}

extension Duration {
  /// Whole milliseconds.
  var milliseconds: Int { Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
