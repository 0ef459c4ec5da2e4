internal import Synchronization

/// Values that the process keeps to its end.
///
/// A large tree is millions of small allocations. Taking them apart one by one is about a twentieth of a command's time,
/// and the system takes the memory back at the exit all the same. Everything stays reachable, so that nothing looks
/// like a leak.
enum UntilExit {
  private static let values = Mutex<[Kept]>([])

  private struct Kept: @unchecked Sendable {
    // Unchecked: nobody touches it again.
    let value: Any
  }

  /// Keeps `value`, which must not be used any more, until the process exits.
  static func keep(_ value: Any) {
    let kept = Kept(value: value)
    values.withLock { $0.append(kept) }
  }
}
