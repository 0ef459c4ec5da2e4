internal import Glibc
internal import Synchronization

/// Connections that were answered and closed before all that their clients send had come.
///
/// The kernel resets a connection that is closed with bytes unread, and the client loses the answer that is on its way.
/// So a copy of the descriptor stays open for a while, and what comes is thrown away, until the client closes, too. A
/// thread does that, which is there only as long as there are such connections.
final class LingeringConnections: Sendable {
  /// More connections are closed at once.
  private static let capacity = 64
  private static let milliseconds: Int64 = 5000
  private static let greatestCount = 16 << 20

  private struct Connection {
    let descriptor: Int32
    let end: Int64
    var bytesLeft: Int
  }

  private struct State {
    var waiting: [Connection] = []
    var count = 0
    var isRunning = false
  }

  private let state = Mutex(State())

  /// Takes over a connection that the caller is about to close.
  func take(_ descriptor: Int32) {
    state.withLock { state in
      guard state.count < Self.capacity else { return }
      let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
      guard copy >= 0 else { return }
      if !state.isRunning { state.isRunning = BackgroundThread.start { self.run() } == 0 }
      guard state.isRunning else {
        close(copy)
        return
      }
      // Who has the answer and its end has no reason to send more.
      shutdown(copy, Int32(SHUT_WR))
      let end = Self.now() + Self.milliseconds
      state.waiting.append(Connection(descriptor: copy, end: end, bytesLeft: Self.greatestCount))
      state.count += 1
    }
  }

  private static func now() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private func run() {
    var open: [Connection] = []
    while true {
      let isOver = state.withLock { state in
        open += state.waiting
        state.waiting = []
        state.count = open.count
        state.isRunning = !open.isEmpty
        return open.isEmpty
      }
      if isOver { return }
      // New ones are taken up after this time at the latest.
      var entries = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      unsafe poll(&entries, nfds_t(entries.count), 50)
      let now = Self.now()
      open = zip(open, entries).compactMap { connection, entry in
        var connection = connection
        if connection.end > now, entry.revents == 0 || Self.drain(&connection) { return connection }
        close(connection.descriptor)
        return nil
      }
    }
  }

  /// Throws away what has come; false at the end.
  private static func drain(_ connection: inout Connection) -> Bool {
    while connection.bytesLeft > 0 {
      // Nothing is copied: these flags take bytes of a stream out of the kernel's memory only.
      let count = recv(connection.descriptor, nil, 1 << 20, Int32(MSG_DONTWAIT | MSG_TRUNC))
      if count < 0 { return errno == EAGAIN || errno == EINTR }
      if count == 0 { return false }
      connection.bytesLeft -= count
    }
    return false
  }
}
