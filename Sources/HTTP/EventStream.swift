internal import CMicroHTTPD
internal import Synchronization

/// The body of a response that goes on for as long as both sides like: the events of a topic.
final class EventStream: @unchecked Sendable, Topic.Waiter {
  // Unchecked: what is not atomic is used on the connection's thread only.
  private let topic: Topic
  private let suspension: Suspension
  /// The version of the topic that was sent, or is being sent.
  private var version: Int
  private var event: SharedBytes?
  private var offset = 0
  private let secondsSilent = Atomic<Int>(0)

  private static let comment = SharedBytes(Array(":\n\n".utf8))

  init(_ topic: Topic, after version: Int, _ suspension: Suspension) {
    self.topic = topic
    self.suspension = suspension
    self.version = version
  }

  func wake() { suspension.resume() }

  func tick() {
    if secondsSilent.add(1, ordering: .relaxed).newValue >= Topic.heartbeatSeconds { suspension.resume() }
  }

  /// Gives the next bytes; 0 when there are none, and the connection is put aside; nil at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    if event == nil { takeNext() }
    guard let event else {
      if topic.isClosed { return nil }
      suspension.suspend()
      if topic.version > version || topic.isClosed { suspension.resume() }
      return 0
    }
    let count = unsafe event.copy(from: offset, to: buffer)
    offset += count
    if offset == event.count { self.event = nil }
    secondsSilent.store(0, ordering: .relaxed)
    return count
  }

  private func takeNext() {
    offset = 0
    if let next = topic.event(after: version) {
      (version, event) = next
    } else if secondsSilent.load(ordering: .relaxed) >= Topic.heartbeatSeconds {
      event = Self.comment
    }
  }

  /// The response that carries the stream.
  func response(
    fields: [(name: String, value: String)], of library: MicroHTTPD
  ) throws(HTTPServerError) -> PreparedResponse {
    let stream = unsafe Unmanaged.passRetained(self)
    // The size of a block counts for bodies that are not sent in chunks, as to a client of HTTP/1.0.
    let handle = unsafe library.functions.pointee.MHD_create_response_from_callback(
      UInt64.max, 256,
      { context, _, buffer, size in
        guard let context = unsafe context, let buffer = unsafe buffer else { return -2 }
        let target = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size)
        return unsafe Unmanaged<EventStream>.fromOpaque(context)._withUnsafeGuaranteedRef {
          unsafe $0.read(into: target) ?? -1
        }
      }, stream.toOpaque(),
      { context in
        guard let context = unsafe context else { return }
        let stream = unsafe Unmanaged<EventStream>.fromOpaque(context).takeRetainedValue()
        stream.topic.remove(stream)
      })
    guard let handle = unsafe handle else {
      unsafe stream.release()
      throw HTTPServerError("libmicrohttpd has no memory for a response")
    }
    topic.add(self)
    return try unsafe PreparedResponse(status: 200, fields: fields, adopting: handle, of: library)
  }
}
