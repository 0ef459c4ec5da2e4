internal import Glibc
internal import Synchronization

/// A connection, as far as the server watches over it.
final class Connection: Sendable {
  fileprivate let descriptor: Int32
  /// The second of the server's clock after which the connection is cut.
  private let deadline: Atomic<Int>
  /// Whether it was answered before all of a request had come, and is to be closed.
  private let isCutShort = Atomic<Bool>(false)

  fileprivate init(descriptor: Int32, deadline: Int) {
    self.descriptor = descriptor
    self.deadline = Atomic(deadline)
  }

  /// Lets the connection live until a second of the server's clock.
  func live(until second: Int) { deadline.store(second, ordering: .relaxed) }

  /// Has what still comes read for a while after the connection was closed: see ``LingeringConnections``.
  func linger() { isCutShort.store(true, ordering: .relaxed) }

  fileprivate var lingers: Bool {
    if isCutShort.load(ordering: .relaxed) { return true }
    // What the library refuses by itself, such as a head that is too large, is known by what it leaves behind.
    var unread: Int32 = 0
    return unsafe ioctl(descriptor, UInt(FIONREAD), &unread) == 0 && unread > 0
  }

  fileprivate func isOverdue(at second: Int) -> Bool { deadline.load(ordering: .relaxed) < second }
}

/// All connections, so that those can be cut that send or take a little from time to time, which the library holds to be
/// alive.
final class Connections: Sendable {
  private let open = Mutex<[ObjectIdentifier: Connection]>([:])
  private let lingering = LingeringConnections()

  /// How many there are.
  var count: Int { open.withLock { $0.count } }

  func add(descriptor: Int32, deadline: Int) -> Connection {
    let connection = Connection(descriptor: descriptor, deadline: deadline)
    open.withLock { $0[ObjectIdentifier(connection)] = connection }
    return connection
  }

  /// Forgets a connection, before its descriptor is closed, and may be another one's.
  func remove(_ connection: Connection) {
    open.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
    if connection.lingers { lingering.take(connection.descriptor) }
  }

  /// Cuts the connections whose time is over.
  func cutOverdue(at second: Int) {
    open.withLock { open in
      for connection in open.values where connection.isOverdue(at: second) {
        // Whatever the library reads or writes next fails then, and it closes the connection.
        shutdown(connection.descriptor, Int32(SHUT_RDWR))
      }
    }
  }
}
