internal import Glibc

/// Something that a thread waits for, until another thread, or the time, wakes it.
package final class Alarm: Sendable {
  nonisolated(unsafe) private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  nonisolated(unsafe) private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Whether it has rung; the mutex guards it.
  nonisolated(unsafe) private var hasRung = false

  /// An alarm that has not rung.
  package init() {
    // With default attributes, or this clock, none of these has a way to fail.
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Wakes the thread that waits, and all that will.
  package func ring() {
    pthread_mutex_lock(mutex)
    hasRung = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Returns when it has rung, or after a time; whether it has rung.
  package func wait(for time: Duration) -> Bool {
    var deadline = timespec()
    clock_gettime(CLOCK_MONOTONIC, &deadline)
    let nanoseconds = max(0, time.milliseconds) % 1000 * 1_000_000 + deadline.tv_nsec
    deadline.tv_sec += max(0, time.milliseconds) / 1000 + nanoseconds / 1_000_000_000
    deadline.tv_nsec = nanoseconds % 1_000_000_000
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while !hasRung {
      if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { break }
    }
    return hasRung
  }
}
