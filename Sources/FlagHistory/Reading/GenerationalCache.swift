/// Remembers what was made for a key, within a bound: what was not asked for during the last `capacity` units is
/// forgotten.
///
/// Two dictionaries: the older one goes when the newer one is full, and what is asked for in it moves on.
struct GenerationalCache<Key: Hashable, Value> {
  private var newer: [Key: Value] = [:]
  private var older: [Key: Value] = [:]
  private var size = 0
  private let capacity: Int

  /// - Parameter capacity: how many units one generation holds; there are two.
  init(capacity: Int) { self.capacity = capacity }

  /// What is remembered for a key.
  mutating func value(for key: Key, size: (Value) -> Int = { _ in 1 }) -> Value? {
    if let value = newer[key] { return value }
    guard let value = older[key] else { return nil }
    remember(value, for: key, size: size(value))
    return value
  }

  /// Remembers a value of so many units.
  mutating func remember(_ value: Value, for key: Key, size: Int = 1) {
    if self.size + size > capacity, !newer.isEmpty {
      (older, newer, self.size) = (newer, [:], 0)
    }
    newer[key] = value
    self.size += size
  }
}
