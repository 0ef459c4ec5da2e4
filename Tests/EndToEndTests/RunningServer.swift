import Foundation
import Testing

/// A server of the built executable on a free port, which ends with the last reference to it.
final class RunningServer {
  private let process = Process()
  private let folder: TemporaryFolder
  let port: Int

  /// Starts `ensign serve` with options, and waits until it listens.
  init(_ options: [String], in folder: TemporaryFolder, sourceLocation: SourceLocation = #_sourceLocation) throws {
    self.folder = folder
    let name = "log-\(UUID().uuidString)"
    log = name
    for file in [name, name + ".out"] { try Data().write(to: URL(filePath: folder / file)) }
    process.executableURL = URL(filePath: executable)
    process.arguments = ["serve", "--port", "0"] + options
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path]
    process.standardOutput = FileHandle(forWritingAtPath: folder / (name + ".out"))
    process.standardError = FileHandle(forWritingAtPath: folder / name)
    try process.start()
    var line = ""
    for _ in 0..<500 where !line.hasSuffix("\n") && process.isRunning {
      usleep(10_000)
      line = try folder.read(name + ".out")
    }
    let port = line.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
    let messages = try folder.read(name)
    self.port = try #require(port, "\(messages)", sourceLocation: sourceLocation)
  }

  deinit { if process.isRunning { kill(SIGKILL) } }

  private let log: String

  /// What the server has said.
  var messages: String { (try? folder.read(log)) ?? "" }

  /// The address below which the store is.
  var store: String { "http://127.0.0.1:\(port)/v1" }

  func kill(_ signal: Int32) {
    Foundation.kill(process.processIdentifier, signal)
    if signal != SIGHUP { process.waitUntilExit() }
  }

  /// Asks it to end, and tells with what status it has.
  func terminate() -> Int32 {
    kill(SIGTERM)
    return process.terminationStatus
  }

  /// An answer.
  struct Answer {
    let status: Int
    /// With names in lower case.
    let fields: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
  }

  func get(_ path: String, _ fields: [String: String] = [:], method: String = "GET") throws -> Answer {
    let head = fields.map { "\($0.key): \($0.value)\r\n" }.joined()
    return try exchange("\(method) \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(head)\r\n")
  }

  func put(_ body: String, to path: String, _ fields: [String: String] = [:]) throws -> Answer {
    let head = (fields.map { "\($0.key): \($0.value)\r\n" } + ["Content-Length: \(body.utf8.count)\r\n"]).joined()
    return try exchange("PUT \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(head)\r\n\(body)")
  }

  /// Waits until an answer is as it should be; other tests go on meanwhile.
  func wait(
    for path: String, _ fields: [String: String] = [:], within seconds: Double = 10,
    sourceLocation: SourceLocation = #_sourceLocation,
    until isRight: (Answer) -> Bool
  ) async throws {
    let end = Date() + seconds
    var answer = try get(path, fields)
    while !isRight(answer), Date() < end {
      try await Task.sleep(for: .milliseconds(20))
      answer = try get(path, fields)
    }
    #expect(isRight(answer), "\(path): \(answer.status) \(answer.text)\n\(messages)", sourceLocation: sourceLocation)
  }

  private func exchange(_ request: String) throws -> Answer {
    let bytes = try Self.exchange(request, port: port)
    let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let status = try #require(Int(lines[0].split(separator: " ")[1]))
    return Answer(status: status, fields: fields, body: Array(bytes[end.upperBound...]))
  }

  private static func exchange(_ request: String, port: Int) throws -> [UInt8] {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(status == 0)
    let bytes = Array(request.utf8)
    try #require(write(descriptor, bytes, bytes.count) == bytes.count)
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { return all }
      all += buffer.prefix(count)
    }
  }
}
