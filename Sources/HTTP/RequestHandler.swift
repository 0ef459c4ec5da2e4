/// Decides what requests are answered with.
///
/// It is called on several threads at once, which it must not keep waiting: what takes long is an answer of its own.
package protocol RequestHandler: Sendable {
  /// The answer to a request whose head has come, before its body, if it has one.
  func answer(_ head: borrowing RequestHead) -> Answer

  /// What a request that is refused gets; the connection is closed after it.
  func response(to refusal: RequestRefusal, _ head: borrowing RequestHead) -> PreparedResponse?

  /// Called once a second, on a thread of its own.
  func tick()
}

/// What is done about a request.
package enum Answer: Sendable {
  /// It is answered now.
  case response(PreparedResponse)
  /// Its body is read, at most so many bytes, and decides.
  case body(limit: Int, then: @Sendable ([UInt8]) -> Answer)
  /// It is answered when something newer has happened in a topic than a version of it, or at the latest after a time.
  case after(Topic, version: Int, seconds: Int, then: @Sendable () -> Answer)
  /// It is answered with the events of a topic from then on; the first of them at once, if there are any that are newer
  /// than a version of it.
  case events(Topic, after: Int, fields: [(name: String, value: String)])
  /// It is answered with what a function gives that takes its time, on another thread.
  case work(@Sendable () -> PreparedResponse?)
  /// The connection is closed without an answer: there is no memory for one.
  case hangUp
}
