internal import Glibc

/// Requests to servers on this machine.
enum Load {
  /// How many requests a second a server answers, by wrk with one thread and 64 connections.
  static func requestsPerSecond(_ path: String, at port: Int, fields: [String]) throws -> Double {
    let headers = fields.flatMap { ["-H", $0] }
    let run = try ChildProcess("wrk", ["-t1", "-c64", "-d2s"] + headers + ["http://127.0.0.1:\(port)\(path)"])
      .run(keepsOutput: true)
    let text = String(decoding: run.output, as: UTF8.self)
    for line in text.split(separator: "\n") {
      if line.contains("Non-2xx") { throw Failure("wrk: \(line)") }
      if line.hasPrefix("Requests/sec:"), let number = line.split(separator: " ").last.flatMap({ Double($0) }) {
        return number
      }
    }
    throw Failure("wrk says nothing: \(text)")
  }

  private static func curl(_ arguments: [String]) throws -> String {
    String(decoding: try ChildProcess("curl", ["-s"] + arguments).run(keepsOutput: true).output, as: UTF8.self)
  }

  /// The entity tag of a path.
  static func tag(of path: String, at port: Int) throws -> String {
    for line in try curl(["-I", "http://127.0.0.1:\(port)\(path)"]).split(separator: "\r\n")
    where line.lowercased().hasPrefix("etag: ") {
      return String(line.dropFirst(6))
    }
    throw Failure("\(path) has no entity tag at port \(port)")
  }

  /// Waits until a path is there.
  static func wait(for path: String, at port: Int) throws {
    for _ in 0..<100 {
      if (try? curl(["-f", "-o", "/dev/null", "http://127.0.0.1:\(port)\(path)"])) != nil { return }
      usleep(50_000)
    }
    throw Failure("\(path) does not come at port \(port)")
  }

  /// Publishes an event at nginx with nchan.
  static func post(_ data: String, to path: String) throws {
    _ = try curl(["-o", "/dev/null", "-d", data, "http://127.0.0.1:\(PeerServers.port)\(path)"])
  }
}
