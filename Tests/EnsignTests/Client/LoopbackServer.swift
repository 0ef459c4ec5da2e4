import Foundation

@testable import Ensign

/// An HTTP server on a free port of this machine, in front of a simulated store.
final class LoopbackServer: Sendable {
  /// An answer that replaces the store's: the whole header and the body, as they go over the wire.
  typealias RawAnswer = @Sendable (_ path: String) -> [UInt8]?

  private struct State {
    var connections: [Int32] = []
    var accepted = 0
    var isStopped = false
    var heads: [String] = []
  }

  let port: UInt16
  private let listener: Int32
  private let store: SimulatedStore
  private let raw: RawAnswer
  private let state = Guarded(State())

  /// - Parameter raw: bytes to send instead of what the store has; nil from it asks the store.
  init(_ store: SimulatedStore, raw: @escaping RawAnswer = { _ in nil }) throws {
    self.store = store
    self.raw = raw
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, size) + listen(listener, 16) + getsockname(listener, address, &size)
      }
    }
    guard listener >= 0, status == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    port = UInt16(bigEndian: address.sin_port)
    self.listener = listener
    Thread.detachNewThread { [weak self] in
      // Here and nowhere else: this thread could accept the connections of whatever is given the number next.
      defer { close(listener) }
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let server = self else {
          close(connection)
          return
        }
        server.take(connection)
      }
    }
  }

  private func take(_ connection: Int32) {
    state.withLock { state in
      state.connections.append(connection)
      state.accepted += 1
    }
    Thread.detachNewThread { [state, weak self] in
      LoopbackServer.serve(connection) { self?.answer($0, on: connection) ?? false }
      // Its number may be another connection's as soon as it is closed, also while the server goes away.
      state.withLock { $0.connections.removeAll { $0 == connection } }
      close(connection)
    }
  }

  deinit { stop() }

  /// The address that clients are configured with.
  var address: String { "http://127.0.0.1:\(port)/flags" }
  /// How many connections have been made.
  var connections: Int { state.withLock { $0.accepted } }
  /// The heads of all requests.
  var heads: [String] { state.withLock { $0.heads } }

  /// Ends the server: connections break, and new ones are refused.
  func stop() {
    state.withLock { state in
      // Once only: afterwards the number may be another server's.
      guard !state.isStopped else { return }
      state.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
      state.connections = []
    }
  }

  private static func serve(_ connection: Int32, _ answer: (String) -> Bool) {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      received += buffer[..<count]
      let text = String(decoding: received, as: UTF8.self)
      guard text.hasSuffix("\r\n\r\n") else { continue }
      received = []
      guard answer(text) else { return }
    }
  }

  /// Answers one request; whether the connection stays open.
  private func answer(_ head: String, on connection: Int32) -> Bool {
    state.withLock { $0.heads.append(head) }
    let lines = head.components(separatedBy: "\r\n")
    let path = String(lines[0].split(separator: " ")[1].dropFirst("/flags/".count))
    func header(_ name: String) -> String? {
      lines.first { $0.lowercased().hasPrefix(name + ":") }?.dropFirst(name.count + 1).trimmingCharacters(
        in: .whitespaces)
    }
    let validator = header("if-none-match")
    let answer = store.request(
      path, isConditional: validator != nil, bypassesCaches: header("cache-control") == "no-cache")
    if let bytes = raw(path) { return send(bytes, on: connection) }
    switch answer.behaviour {
    case .serves:
      guard let bytes = answer.bytes else { return send("404 Not Found", body: Array("no".utf8), on: connection) }
      let tag = SimulatedStore.validator(bytes)
      if validator == tag { return send("304 Not Modified", ["ETag: \(tag)"], body: [], on: connection) }
      return send("200 OK", ["ETag: \(tag)"], body: bytes, on: connection)
    case .fails(let status): return send("\(status) Failure", body: Array("failed".utf8), on: connection)
    case .redirects(let target): return send("302 Found", ["Location: \(target)"], body: [], on: connection)
    case .stalls:
      _ = send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".utf8), on: connection)
      // Until the client has had enough.
      var byte: UInt8 = 0
      _ = recv(connection, &byte, 1, 0)
      return false
    case .endless:
      _ = send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8), on: connection)
      let chunk = Array("1000\r\n".utf8) + [UInt8](repeating: 0x20, count: 4096) + Array("\r\n".utf8)
      while send(chunk, on: connection) {}
      return false
    }
  }

  private func send(_ status: String, _ headers: [String] = [], body: [UInt8], on connection: Int32) -> Bool {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
    return send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body, on: connection)
  }

  private func send(_ bytes: [UInt8], on connection: Int32) -> Bool {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress.map { $0 + start }, $0.count - start, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      start += count
    }
    return true
  }
}
