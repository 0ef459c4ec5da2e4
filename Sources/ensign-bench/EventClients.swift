internal import CBench
internal import Glibc

/// Many clients of a stream of events, read by one thread in C.
final class EventClients {
  private var streams: OpaquePointer?
  private let count: Int

  /// Opens the streams, and waits until each has brought a text.
  init(count: Int, path: String, port: Int, greeting: String) throws {
    self.count = count
    let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
    guard let streams = cbench_streams_open(UInt16(port), request, count) else {
      throw Failure("\(count) connections to port \(port)", errno: errno)
    }
    self.streams = streams
    _ = try delays(of: greeting) {}
  }

  /// Makes something happen, and tells after how many seconds each client has seen a text, in ascending order.
  func delays(of mark: String, after work: () throws -> Void) throws -> [Double] {
    guard let streams else { throw Failure("the streams are closed") }
    let start = cbench_now()
    try work()
    var delays = [Double](repeating: 0, count: count)
    let seen = cbench_streams_wait(streams, mark, 20, start, &delays)
    guard seen == count else { throw Failure("\(seen) of \(count) clients have seen \(mark)") }
    return delays
  }

  /// Closes the streams.
  func close() {
    if let streams { cbench_streams_close(streams) }
    streams = nil
  }
}
