/// The bucketing algorithm `murmur3-100000`: which of 100,000 buckets a value falls into under a seed.
package enum Bucketing {
  /// The algorithm's name in snapshots.
  package static let algorithm = "murmur3-100000"
  static let algorithmName: StaticString = "murmur3-100000"

  /// How many buckets there are.
  package static let count = 100_000

  /// The bucket of a value for a split, ranges or a ramp: 0 to 99,999.
  package static func serve(seed: String, value: String) -> Int {
    var hash = Murmur3()
    hash.update(seed)
    hash.update("/")
    hash.update(value)
    return bucket(hash.finish())
  }

  /// The bucket of a value for a rule's share: 0 to 99,999.
  ///
  /// Hashed apart, so that a share never bends a split.
  package static func share(seed: String, value: String) -> Int {
    var hash = Murmur3()
    hash.update(seed)
    hash.update("/share/")
    hash.update(value)
    return bucket(hash.finish())
  }

  /// The bucket of a hash: 0 to 99,999.
  package static func bucket(_ hash: UInt32) -> Int { Int((UInt64(hash) &* UInt64(count)) >> 32) }
}
