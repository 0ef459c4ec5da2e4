internal import Glibc

/// A watch.
enum Clock {
  /// Seconds since some moment, never going back.
  static func monotonic() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
