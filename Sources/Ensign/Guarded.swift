internal import Glibc

/// A value that one thread at a time may touch.
///
/// It is what `Mutex` of the module Synchronization is, over the system's mutex: the thread sanitizer knows that one, and
/// takes the other for a race as soon as one thread waits for another.
package final class Guarded<Value>: @unchecked Sendable {
  // Unchecked: the mutex guards the value.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private var value: Value

  package init(_ value: sending Value) {
    self.value = value
    // With default attributes it has no way to fail.
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Calls `body` with the value; not from within itself.
  package func withLock<Result, Failure>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
