/// When to update next.
struct UpdateSchedule {
  let interval: Duration
  let longestPause: Duration

  /// The pause after an update.
  ///
  /// Clients that start together, or that lost the same store together, drift apart: a pause is shortened or lengthened
  /// by chance, after failures by up to a half.
  ///
  /// - Parameters:
  ///   - failures: how many updates in a row have failed, this one among them.
  ///   - random: from 0 up to, but not including, 1.
  func pause(afterFailures failures: Int, random: Double) -> Duration {
    guard failures > 0 else { return interval * (0.9 + 0.2 * random) }
    var pause = interval
    var doublings = failures
    while doublings > 0, pause < longestPause {
      pause *= 2
      doublings -= 1
    }
    return min(pause, max(longestPause, interval)) * (0.5 + 0.5 * random)
  }
}
