/// What a route answers.
package struct Response: Hashable, Sendable {
  /// The status code.
  package var status: Int
  /// The header fields, in order; names as they are sent.
  package var headers: [Header]
  /// The body; empty where the status allows none.
  package var body: [UInt8]

  /// A header field.
  package struct Header: Hashable, Sendable {
    /// The name, such as `Content-Type`.
    package let name: String
    /// The value, of printable ASCII.
    package let value: String

    /// A field to send.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A response of its parts.
  package init(status: Int, headers: [Header] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// A response with a JSON document.
  package init(status: Int, headers: [Header] = [], json: [UInt8]) {
    self.init(status: status, headers: [Header("Content-Type", "application/json")] + headers, body: json)
  }

  /// The value of the first header field of a name, whatever its case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}
