internal import Ensign

/// The body of a request for evaluations: `{"context": {…}}`.
enum EvaluationRequest {
  /// The context of a body.
  ///
  /// No body, `{}` and a context of `null` are a context that says nothing. Other members are not looked at, nor is
  /// the type that the request claims to be.
  static func context(of request: Request) throws(OFREPFailure) -> Context {
    guard request.body.count <= Context.maximumSize else { throw .tooLarge }
    if let encoding = request.header("content-encoding"), encoding.lowercased() != "identity", !encoding.isEmpty {
      throw OFREPFailure(
        status: 415, .general, "the body is encoded as '\(encoding)'; send it as it is",
        headers: [Response.Header("Accept-Encoding", "identity")])
    }
    guard request.body.contains(where: { !$0.isJSONSpace }) else { return Context() }
    let tape = try document(request.body)
    guard tape.tokens[0].kind == .object else {
      throw OFREPFailure(status: 400, .parseError, #"the body is no object; send {"context": {…}}"#)
    }
    guard let context = tape.member("context", of: 0), tape.tokens[context].kind != .null else { return Context() }
    guard tape.tokens[context].kind == .object else {
      throw OFREPFailure(status: 400, .invalidContext, "the context is no object")
    }
    do throws(ContextError) {
      return try Context(tape, object: context, otherLists: .areMissing)
    } catch {
      throw OFREPFailure(status: 400, .invalidContext, "\(error)")
    }
  }

  private static func document(_ body: [UInt8]) throws(OFREPFailure) -> JSONTape {
    do throws(JSONError) {
      return try JSONReader.read(body, maximumSize: Context.maximumSize)
    } catch {
      throw OFREPFailure(status: 400, .parseError, "the body is no JSON: \(error)")
    }
  }
}

extension UInt8 {
  fileprivate var isJSONSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0a || self == 0x0d }
}
