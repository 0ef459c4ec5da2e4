import Foundation
import Testing

@testable import Ensign

/// Reading a store over HTTP.
@Suite("Stores over HTTP")
struct HTTPStoreTests {
  private func reader(
    _ address: String, total: Duration = .seconds(20), stalled: Duration = .seconds(10)
  ) throws -> HTTPStore {
    guard case .address(let address) = try StoreLocation(address) else { throw POSIXError(.EINVAL) }
    return try HTTPStore(address, timeouts: .init(connect: .seconds(10), total: total, stalled: stalled))
  }

  @Test func oneConnectionIsEnough() throws {
    let world = try ClientWorld(.http)
    let server = try #require(world.server)
    world.store.publish("red", sequence: 5)
    let client = try world.client()
    for _ in 0..<5 { #expect(client.update().status == .current) }
    #expect(server.connections == 1)
    #expect(server.heads.count == 11)
    let head = try #require(server.heads.first)
    #expect(head.hasPrefix("GET /flags/trust/2.json HTTP/1.1\r\n"))
    #expect(head.contains("\r\nUser-Agent: ensign/\(LibraryVersion.text)\r\n"))
    #expect(head.contains("\r\nAccept-Encoding: ") && head.contains("gzip"))
    #expect(server.heads.last?.contains("\r\nIf-None-Match: \"") == true)
  }

  /// Compressed on the way, decoded here.
  private func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/gzip")
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    DispatchQueue.global().async {
      input.fileHandleForWriting.write(Data(bytes))
      try? input.fileHandleForWriting.close()
    }
    return [UInt8](output.fileHandleForReading.readDataToEndOfFile())
  }

  private func answer(_ body: [UInt8], _ headers: String...) -> [UInt8] {
    let lines = ["HTTP/1.1 200 OK", "Content-Length: \(body.count)"] + headers
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
  }

  @Test func compressedContentIsDecoded() throws {
    let body = Array("0123456789".utf8)
    let packed = try compressed(body)
    let server = try LoopbackServer(try SimulatedStore()) { _ in self.answer(packed, "Content-Encoding: gzip") }
    let content = try reader(server.address).fetch(StoreRequest("file", limit: 100))
    #expect(content == .content(body, validator: nil))
  }

  /// Few bytes that would become many.
  @Test func theLimitCountsDecodedBytes() throws {
    let packed = try compressed([UInt8](repeating: 0, count: 10_000_000))
    #expect(packed.count < 20_000)
    let server = try LoopbackServer(try SimulatedStore()) { _ in self.answer(packed, "Content-Encoding: gzip") }
    let reader = try reader(server.address)
    let error = #expect(throws: StoreError.self) { try reader.fetch(StoreRequest("file", limit: 65_536)) }
    #expect(error == StoreError(.oversized, "file has more than 65536 bytes"))
  }

  @Test func anAnnouncedSizeOverTheLimitIsNotEvenRead() throws {
    let server = try LoopbackServer(try SimulatedStore()) { _ in
      Array("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n".utf8)
    }
    let reader = try reader(server.address)
    let error = #expect(throws: StoreError.self) { try reader.fetch(StoreRequest("file", limit: 65_536)) }
    #expect(error?.code == .oversized, "\(String(describing: error))")
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
    "SSH-2.0-x\r\n",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    "HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\nx",
    "HTTP/1.1 204 No Content\r\n\r\n",
  ])
  func strangeAnswersAreNoContent(text: String) throws {
    let server = try LoopbackServer(try SimulatedStore()) { _ in Array(text.utf8) }
    // What is cut short would be waited for.
    let reader = try reader(server.address, total: .milliseconds(500))
    let error = #expect(throws: StoreError.self) { try reader.fetch(StoreRequest("file", limit: 65_536)) }
    #expect(error?.code == .unreachable || error?.code == .redirected, "\(String(describing: error))")
  }

  @Test func noServerNoName() throws {
    let server = try LoopbackServer(try SimulatedStore())
    let address = server.address
    server.stop()
    for address in [address, "http://no-such-host.invalid"] {
      let reader = try reader(address)
      let error = #expect(throws: StoreError.self) { try reader.fetch(StoreRequest("file", limit: 10)) }
      #expect(error?.code == .unreachable)
    }
  }

  @Test func passwordsStayOutOfMessages() throws {
    let server = try LoopbackServer(try SimulatedStore())
    server.stop()
    let reader = try reader("http://alice:s3cret@127.0.0.1:\(server.port)/flags")
    #expect(reader.name == "http://127.0.0.1:\(server.port)/flags")
    let error = #expect(throws: StoreError.self) { try reader.fetch(StoreRequest("file", limit: 10)) }
    #expect(error.map { !"\($0)".contains("s3cret") && !"\($0)".contains("alice") } == true)
  }

  @Test func closingEndsAFetch() throws {
    let store = try SimulatedStore()
    store.set(.stalls, for: "")
    let server = try LoopbackServer(store)
    let reader = try reader(server.address)
    Thread.detachNewThread {
      usleep(100_000)
      reader.cancel()
    }
    let took = ContinuousClock().measure {
      #expect(throws: StoreError.self) { try reader.fetch(StoreRequest("file", limit: 1000)) }
    }
    #expect(took < .seconds(15))
  }

  @Test(arguments: [
    ("https://flags.example.com/", "https://flags.example.com"), ("http://[::1]:8080/a/b", "http://[::1]:8080/a/b"),
    ("HTTPS://user@host:1/x//", "HTTPS://host:1/x"),
  ])
  func addresses(text: String, name: String) throws {
    guard case .address(let address) = try StoreLocation(text) else {
      Issue.record("\(text) is no address")
      return
    }
    #expect(address.description == name)
  }

  @Test(arguments: [
    ("store", "store"), ("/srv/store", "/srv/store"), ("file:///srv/a%20b", "/srv/a b"), ("file://localhost/x", "/x"),
  ])
  func folders(text: String, folder: String) throws {
    #expect(try StoreLocation(text) == .folder(folder))
  }

  @Test(arguments: [
    "", "ftp://host/x", "https://", "https:///path", "https://host/?sig=1", "https://host/#x", "https://ho st/",
    "file://host/x", "file://x", "file:///a%zz", "file:///a%00", "https://user@/x", "https://:80/",
  ])
  func noStores(text: String) {
    #expect(throws: StoreLocationError.self) { try StoreLocation(text) }
  }
}
