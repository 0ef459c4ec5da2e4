internal import CSodium

/// The library libsodium, ready to be used.
package enum Sodium {
  /// Makes the library ready, once: its random numbers and its guarded memory need that.
  ///
  /// - Returns: whether it is. It is not on a machine without a source of random numbers.
  package static let isReady: Bool = sodium_init() >= 0
}
