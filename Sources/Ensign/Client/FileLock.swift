internal import Glibc

/// A lock on a file, held by one process at a time, and within a process by one object.
///
/// It is advisory (`flock`): it keeps out those who ask for it.
package final class FileLock: Sendable {
  private let descriptor: Int32

  /// A lock on files that no other process can have, so that it keeps out nobody.
  package init() { descriptor = -1 }

  /// Takes over a descriptor that holds the lock.
  init(descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    guard descriptor >= 0 else { return }
    // Not by closing alone: a child that was started meanwhile has the descriptor too, until it runs its program.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
