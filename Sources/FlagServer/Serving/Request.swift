/// A request as the routes see it, whatever received it.
package struct Request: Sendable {
  /// A header field.
  package struct Header: Hashable, Sendable {
    /// The name in lower case.
    package let name: String
    /// The value as it was sent, without the white space around it.
    package let value: String

    /// A field of a name in lower case.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The method, such as `POST`.
  package var method: String
  /// The path as it was sent, not decoded, without the query.
  package var path: String
  /// What follows the question mark, not decoded; nil when there is none.
  package var query: String?
  /// The header fields in the order in which they were sent.
  package var headers: [Header]
  /// The body; empty when there is none.
  package var body: [UInt8]
  /// The address of the other side, without the port.
  package var client: String

  /// A request of its parts.
  package init(
    method: String, path: String, query: String? = nil, headers: [Header] = [], body: [UInt8] = [],
    client: String = ""
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.client = client
  }

  /// The value of the first header field of a name, which is in lower case.
  package func header(_ name: String) -> String? {
    headers.first { $0.name == name }?.value
  }

  /// The values of all header fields of a name, which is in lower case, as one list with commas (RFC 9110, section
  /// 5.3).
  package func headerList(_ name: String) -> String? {
    let values = headers.filter { $0.name == name }.map(\.value)
    return values.isEmpty ? nil : values.joined(separator: ", ")
  }
}
