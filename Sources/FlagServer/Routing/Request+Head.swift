package import HTTP

extension Request {
  /// A request whose head has come, with its body if it has been read.
  package init(_ head: borrowing RequestHead, body: [UInt8] = []) {
    self.init(
      method: head.methodName, path: head.path, query: head.query,
      headers: head.fields.map { Header(name: $0.name, value: $0.value) }, body: body, client: head.client)
  }
}

extension Response {
  /// The response, ready to be sent once.
  ///
  /// - Parameter fields: fields of every response.
  func prepared(with fields: [(name: String, value: String)]) -> PreparedResponse? {
    try? PreparedResponse(
      status: status, fields: headers.map { ($0.name, $0.value) } + fields,
      body: body.isEmpty ? nil : SharedBytes(body))
  }
}
