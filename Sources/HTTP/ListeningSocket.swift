internal import Glibc

/// A socket that connections come in at.
struct ListeningSocket {
  let descriptor: Int32
  /// The port, also where any free one was asked for.
  let port: Int

  /// Connections that wait for the server; the kernel's own limit may be lower.
  private static let backlog: Int32 = 4096

  /// Binds a host, a name or an address, and a port; 0 takes a free one.
  init(host: String, port: Int) throws(HTTPServerError) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, String(port), &hints, &list)
    guard status == 0, let first = unsafe list else {
      throw HTTPServerError("the host '\(host)' has no address: \(unsafe String(cString: gai_strerror(status)))")
    }
    defer { unsafe freeaddrinfo(first) }
    let address = unsafe first.pointee
    let descriptor = unsafe socket(
      address.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw Self.error("make a socket for", host, port) }
    var on: Int32 = 1
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard unsafe bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, Self.backlog) == 0
    else {
      let error = Self.error("listen at", host, port)
      close(descriptor)
      throw error
    }
    self.descriptor = descriptor
    self.port = Self.port(of: descriptor) ?? port
  }

  private static func error(_ verb: String, _ host: String, _ port: Int) -> HTTPServerError {
    let number = errno
    let help =
      switch number {
      case EADDRINUSE: "another program uses the port; name another one with --port, or 0 for any free one"
      case EACCES: "ports below 1024 are for privileged programs"
      default: String?.none
      }
    return HTTPServerError(
      "cannot \(verb) \(host), port \(port): \(unsafe String(cString: strerror(number)))", help: help)
  }

  private static func port(of descriptor: Int32) -> Int? {
    var address = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutableBytes(of: &address) { bytes in
      unsafe getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size)
    }
    guard status == 0 else { return nil }
    // The port stands in the same place of both families' addresses.
    return unsafe withUnsafeBytes(of: &address) { unsafe Int($0[2]) << 8 | Int($0[3]) }
  }
}

/// How many files and connections the process may have open.
package enum DescriptorLimit {
  /// Raises the limit as far as the system lets the process, and tells it.
  package static func raise() -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    if limit.rlim_cur < limit.rlim_max {
      var raised = limit
      raised.rlim_cur = limit.rlim_max
      if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
    }
    return Int(min(limit.rlim_cur, 1 << 20))
  }
}
