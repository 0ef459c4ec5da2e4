internal import CSodium
internal import Ensign

/// Bytes that nobody else should see: a passphrase, or the seed of a key.
///
/// They lie in memory that is never swapped out where the system allows it, that no core dump holds, and that is cleared
/// before it is freed. They appear in no description.
package final class SecretBytes: Sendable, CustomStringConvertible {
  /// How many bytes there are.
  package let count: Int
  nonisolated(unsafe) private let memory: UnsafeMutablePointer<UInt8>

  /// The bytes that `body` writes into `count` zeros.
  ///
  /// - Throws: when the system has no guarded memory left, or what `body` throws.
  package init(
    count: Int, writtenBy body: (UnsafeMutablePointer<UInt8>) throws(PublishingError) -> Void
  ) throws(PublishingError) {
    guard Sodium.isReady, let memory = sodium_malloc(max(count, 1)) else {
      throw PublishingError(.storage, "there is no guarded memory for a secret", help: "see ulimit -l")
    }
    self.memory = memory.assumingMemoryBound(to: UInt8.self)
    self.count = count
    sodium_memzero(memory, max(count, 1))
    // What is thrown from here on frees the memory: all properties are there, so there is an object.
    try body(self.memory)
  }

  /// The bytes of an array, which is cleared.
  package convenience init(taking bytes: inout [UInt8]) throws(PublishingError) {
    defer { Self.clear(&bytes) }
    let count = bytes.count
    try self.init(count: count) { memory in
      for index in 0..<count { memory[index] = bytes[index] }
    }
  }

  deinit { sodium_free(memory) }

  /// Calls `body` with the address of the bytes, which are valid only there.
  package func withPointer<Result, Failure: Error>(
    _ body: (UnsafePointer<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafePointer(memory))
  }

  /// Calls `body` with a copy of the bytes, which is cleared afterwards.
  package func withCopy<Result, Failure: Error>(
    _ body: ([UInt8]) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var copy = Array(UnsafeBufferPointer(start: memory, count: count))
    defer { Self.clear(&copy) }
    return try body(copy)
  }

  /// Whether two secrets are the same; the time that takes tells nothing of where they differ.
  package func isEqual(to other: SecretBytes) -> Bool {
    count == other.count && sodium_memcmp(memory, other.memory, count) == 0
  }

  /// Overwrites an array with zeros.
  package static func clear(_ bytes: inout [UInt8]) { sodium_memzero(&bytes, bytes.count) }

  /// How many bytes there are, and nothing else.
  package var description: String { "\(count) secret bytes" }
}
