internal import CCurl

/// A request that sends a document to an address, with libcurl.
///
/// Redirects are not followed. Each one makes its own connection: it is for messages that are seldom sent.
package struct HTTPPost: Sendable {
  private let address: String
  private let headers: [String]
  private let seconds: Int

  /// A request.
  ///
  /// - Parameters:
  ///   - address: begins with `http://` or `https://`.
  ///   - headers: lines such as `Content-Type: application/json`, of printable ASCII.
  ///   - seconds: how long it may take.
  package init(to address: String, headers: [String], seconds: Int) {
    self.address = address
    self.headers = headers
    self.seconds = seconds
  }

  /// Sends a body, and reads the answer without keeping it.
  ///
  /// - Returns: the status code of the answer.
  /// - Throws: when there is no answer.
  package func send(_ body: [UInt8]) throws(StoreError) -> Int {
    let library = try CurlLibrary.loaded()
    let functions = library.functions
    guard let curl = functions.pointee.curl_easy_init() else {
      throw StoreError(.unreachable, "libcurl has no memory for a handle")
    }
    defer { functions.pointee.curl_easy_cleanup(curl) }
    var list: UnsafeMutablePointer<curl_slist>?
    defer { functions.pointee.curl_slist_free_all(list) }
    for line in headers + ["Expect:", "User-Agent: ensign/\(LibraryVersion.text)"] {
      guard let longer = functions.pointee.curl_slist_append(list, line) else {
        throw StoreError(.unreachable, "libcurl has no memory for a header")
      }
      list = longer
    }
    var options = [
      ensign_curl_set_number(functions, curl, CURLOPT_NOSIGNAL, 1),
      ensign_curl_set_text(functions, curl, CURLOPT_PROTOCOLS_STR, "http,https"),
      ensign_curl_set_number(functions, curl, CURLOPT_FOLLOWLOCATION, 0),
      ensign_curl_set_number(functions, curl, CURLOPT_TIMEOUT, seconds),
      ensign_curl_set_text(functions, curl, CURLOPT_URL, address),
      ensign_curl_set_pointer(functions, curl, CURLOPT_HTTPHEADER, list),
      ensign_curl_set_size(functions, curl, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)),
      ensign_curl_set_receiver(functions, curl, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size * count },
    ]
    return try body.withUnsafeBufferPointer { body throws(StoreError) in
      // It is read only, while this closure runs.
      let start = UnsafeMutableRawPointer(mutating: body.baseAddress)
      options.append(ensign_curl_set_pointer(functions, curl, CURLOPT_POSTFIELDS, start))
      guard options.allSatisfy({ $0 == CURLE_OK }) else {
        throw StoreError(.unreachable, "libcurl refuses an option")
      }
      let status = BrokenPipe.ignored { functions.pointee.curl_easy_perform(curl) }
      guard status == CURLE_OK else {
        let reason = functions.pointee.curl_easy_strerror(status).map { String(cString: $0) }
        throw StoreError(.unreachable, reason ?? "libcurl's error \(status.rawValue)")
      }
      return ensign_curl_response_code(functions, curl)
    }
  }
}
