internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// A server of HTTP/1.1: libmicrohttpd with epoll and a few threads.
///
/// It keeps away from its handler what no handler should see: requests that are not formed as they should, bodies that
/// are too large, clients that take their time.
@safe package final class HTTPServer: @unchecked Sendable {
  // Unchecked: the daemon and its settings are made before anybody sees the server; stopping happens once.

  /// What a server needs to know.
  package struct Settings: Sendable {
    /// The name or address of the host to listen at.
    package var host = "127.0.0.1"
    /// The port; 0 takes any free one.
    package var port = 0
    /// How many threads serve connections.
    package var threads = 2
    /// How many connections may be open at once; more wait.
    package var connections = 1024
    /// How many of them may come from one address; 0 for any number.
    package var connectionsPerAddress = 0
    /// Memory of a connection in bytes, which the head of a request must fit into.
    package var connectionMemory = 4096
    /// Seconds that a client may take for a request, or be silent between two.
    package var requestTimeout = 30
    /// Seconds that a client may take to receive a response, but for streams.
    package var responseTimeout = 600
    /// The certificate with those that it rests on, as PEM; nil for plain HTTP.
    package var certificate: [UInt8]?
    /// The certificate's secret key, as PEM.
    package var key: [UInt8]?

    /// The settings for tests: plain HTTP on any free port of this machine.
    package init() {}
  }

  /// The port that the server listens at.
  package let port: Int
  private let core: ServerCore
  private let daemon: OpaquePointer
  private let settings: UnsafeMutablePointer<ensign_mhd_settings>
  private let retained: Unmanaged<ServerCore>
  private let isStopped = Atomic<Bool>(false)
  /// Whether the library's threads have ended.
  private let isDown = Atomic<Bool>(false)

  private static let messageSize = 512

  /// Starts to serve.
  package init(_ settings: Settings, handler: any RequestHandler) throws(HTTPServerError) {
    let library = try MicroHTTPD.loaded()
    core = ServerCore(library, settings, handler)
    // A response to a client that has gone is an error of the write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    let socket = try ListeningSocket(host: settings.host, port: settings.port)
    do throws(HTTPServerError) {
      try Self.certificate(settings)?.serve(keepingOld: nil)
    } catch {
      close(socket.descriptor)
      throw error
    }
    port = socket.port
    unsafe retained = Unmanaged.passRetained(core)
    unsafe self.settings = Self.allocate(settings, socket, retained.toOpaque())
    guard let daemon = unsafe ensign_mhd_start(library.functions, self.settings) else {
      let said =
        unsafe String(cString: self.settings.pointee.message).split(separator: "\n").first.map { ": \($0)" } ?? ""
      unsafe Self.free(self.settings)
      unsafe retained.release()
      close(socket.descriptor)
      if settings.certificate != nil { ServerCertificate.withdraw() }
      throw HTTPServerError("libmicrohttpd does not start\(said)")
    }
    unsafe self.daemon = daemon
    unsafe self.settings.pointee.socket = socket.descriptor
    try startClock()
  }

  deinit {
    stop(within: 0)
    // As long as its threads go on, they may look at all of it.
    guard isDown.load(ordering: .sequentiallyConsistent) else { return }
    unsafe Self.free(settings)
    unsafe retained.release()
  }

  private static func allocate(
    _ settings: Settings, _ socket: ListeningSocket, _ context: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<ensign_mhd_settings> {
    let message = UnsafeMutablePointer<CChar>.allocate(capacity: messageSize)
    unsafe message.initialize(repeating: 0, count: messageSize)
    let place = UnsafeMutablePointer<ensign_mhd_settings>.allocate(capacity: 1)
    unsafe place.initialize(
      to: ensign_mhd_settings(
        socket: socket.descriptor, threads: UInt32(max(1, settings.threads)),
        connections: UInt32(settings.connections), connections_per_address: UInt32(settings.connectionsPerAddress),
        timeout: UInt32(settings.requestTimeout), connection_memory: settings.connectionMemory,
        certify: settings.certificate == nil ? nil : ServerCertificate.retrieve, handle: Callbacks.handle,
        completed: Callbacks.completed, connected: Callbacks.connected, begun: Callbacks.begun,
        unescape: Callbacks.unescape, context: context, message: message, message_size: messageSize))
    return unsafe place
  }

  private static func free(_ settings: UnsafeMutablePointer<ensign_mhd_settings>) {
    unsafe settings.pointee.message.deallocate()
    unsafe settings.deallocate()
  }

  // MARK: - The clock

  private func startClock() throws(HTTPServerError) {
    let core = core
    let status = BackgroundThread.start { [weak self] in
      while self.map({ !$0.isStopped.load(ordering: .relaxed) }) ?? false {
        sleep(1)
        let now = core.clock.add(1, ordering: .relaxed).newValue
        core.connections.cutOverdue(at: now)
        ServerCertificate.forgetReplaced(at: now)
        core.handler.tick()
      }
    }
    if status != 0 { throw HTTPServerError("there is no thread: \(unsafe String(cString: strerror(status)))") }
  }

  // MARK: - At any time

  private static func certificate(_ settings: Settings) throws(HTTPServerError) -> ServerCertificate? {
    guard let certificate = settings.certificate, let key = settings.key else { return nil }
    return try ServerCertificate(certificate: certificate, key: key)
  }

  /// Begins new TLS connections with another certificate; those that there are stay as they are.
  ///
  /// - Parameters:
  ///   - certificate: with those that it rests on, as PEM.
  ///   - key: its secret key, as PEM.
  /// - Throws: when they cannot be used, or the server speaks plain HTTP. The one before remains in force then.
  package func replace(certificate: [UInt8], key: [UInt8]) throws(HTTPServerError) {
    guard core.settings.certificate != nil else { throw HTTPServerError("the server speaks plain HTTP") }
    // A handshake that began with the one before is over by then, since its connection is cut.
    let until = core.clock.load(ordering: .relaxed) + 2 * core.settings.requestTimeout + 10
    try ServerCertificate(certificate: certificate, key: key).serve(keepingOld: until)
  }

  /// How many connections are open.
  package var connectionCount: Int { core.connections.count }

  /// Stops: accepts no more connections, lets answers in progress end, for so many seconds, and closes the rest.
  ///
  /// Who waits for a topic, or receives its events, goes on until the topic is closed.
  ///
  /// - Returns: whether all ended by itself. Without that the library cannot be taken down, and its threads go on until
  ///   the process ends.
  @discardableResult
  package func stop(within seconds: Int) -> Bool {
    guard !isStopped.exchange(true, ordering: .sequentiallyConsistent) else {
      return isDown.load(ordering: .sequentiallyConsistent)
    }
    let functions = unsafe core.library.functions
    let socket = unsafe functions.pointee.MHD_quiesce_daemon(daemon)
    var steps = 0
    while core.inProgress.load(ordering: .sequentiallyConsistent) > 0 && steps < max(1, seconds * 20) {
      usleep(50_000)
      steps += 1
    }
    guard core.inProgress.load(ordering: .sequentiallyConsistent) == 0 else { return false }
    unsafe functions.pointee.MHD_stop_daemon(daemon)
    if socket >= 0 { close(socket) }
    if core.settings.certificate != nil { ServerCertificate.withdraw() }
    isDown.store(true, ordering: .sequentiallyConsistent)
    return true
  }
}
