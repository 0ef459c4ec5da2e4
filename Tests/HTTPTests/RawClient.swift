import Glibc

/// A connection to a server of this machine that sends what it is told to, however wrong.
struct RawClient: ~Copyable {
  private let descriptor: Int32

  init(port: Int, timeout: Int = 5) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var time = timeval(tv_sec: timeout, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if status != 0 { throw Failure(number: errno) }
  }

  deinit { close(descriptor) }

  struct Failure: Error { let number: Int32 }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { throw Failure(number: errno) }
      sent += count
    }
  }

  /// What comes next; nil at the end of the connection.
  func receive() throws -> String? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 { throw Failure(number: errno) }
    return count == 0 ? nil : String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  /// All that comes until the server closes the connection.
  func receiveAll() throws -> String {
    var all = ""
    while let text = try receive() { all += text }
    return all
  }

  /// What comes until it holds a text.
  func receive(until mark: String) throws -> String {
    var all = ""
    while !all.contains(mark) {
      guard let text = try receive() else { return all }
      all += text
    }
    return all
  }
}
