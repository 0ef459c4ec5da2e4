internal import Synchronization

/// Values that the process keeps to its end.
///
/// A large tree is millions of small allocations. Taking them apart one by one is about a twentieth of a command's time,
/// and the system takes the memory back at the exit all the same. Everything stays reachable, so that nothing looks
/// like a leak.
enum UntilExit {
  private static let values = Mutex<[any Sendable]>([])

  /// Keeps `value` until the process exits.
  static func keep(_ value: some Sendable) { values.withLock { $0.append(value) } }
}
