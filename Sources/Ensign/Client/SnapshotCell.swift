internal import Glibc
internal import Synchronization

/// The place of a snapshot that one thread replaces while any number of others evaluate.
///
/// A reader announces itself, takes the snapshot, and leaves: two additions to a counter, with nothing that it could wait
/// for, and no reference counted. Whoever replaces the snapshot puts the new one in its place first, then waits until
/// everybody who may still see the old one has left, and only then lets go of it. It is the scheme called left-right:
/// there are two sets of counters, readers enter the one that `version` names, and the replacing thread has them change
/// over, so that it never waits for those who come after.
final class SnapshotCell: Sendable {
  /// Counters come in groups, one group for the threads that hash alike, each group in cache lines of its own.
  private static let groups = 64
  /// 128 bytes: a cache line and the one that processors fetch with it.
  private static let wordsOfGroup = 16

  /// The head, then the groups.
  ///
  /// In the head: the version, then the address of the snapshot or 0. In a group: how many readers entered by version 0
  /// and have not left, then those by version 1.
  nonisolated(unsafe) private let words: UnsafeMutablePointer<Atomic<Int>>

  /// An empty cell.
  init() {
    let count = (1 + Self.groups) * Self.wordsOfGroup
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Atomic<Int>>.stride, alignment: Self.wordsOfGroup * MemoryLayout<Int>.stride)
    words = memory.bindMemory(to: Atomic<Int>.self, capacity: count)
    for index in 0..<count { (words + index).initialize(to: Atomic(0)) }
  }

  deinit {
    // Nobody reads any more: a reader holds a reference to the cell.
    Self.unmanaged(words[1].load(ordering: .acquiring))?.release()
    words.deallocate()
  }

  /// Calls `body` with the snapshot of this moment, which stays alive until it returns.
  ///
  /// Wait-free. Whatever `body` keeps beyond that, it has to retain; and it must not ``replace(with:)``.
  @inline(__always)
  func withSnapshot<Result>(_ body: (Snapshot?) -> Result) -> Result {
    let group = words + Self.group() * Self.wordsOfGroup
    let version = words[0].load(ordering: .sequentiallyConsistent)
    group[version].add(1, ordering: .sequentiallyConsistent)
    // Between the two: the address is read after the reader has announced itself.
    defer { group[version].subtract(1, ordering: .releasing) }
    guard let snapshot = Self.unmanaged(words[1].load(ordering: .sequentiallyConsistent)) else { return body(nil) }
    return snapshot._withUnsafeGuaranteedRef { body($0) }
  }

  /// Puts another snapshot in the place, and returns when nobody uses the old one any more.
  ///
  /// One thread at a time.
  func replace(with snapshot: Snapshot?) {
    let address = snapshot.map { Int(bitPattern: Unmanaged.passRetained($0).toOpaque()) } ?? 0
    let old = words[1].exchange(address, ordering: .sequentiallyConsistent)
    let version = words[0].load(ordering: .sequentiallyConsistent)
    // Readers that took this version before the last replacement, and were slow to enter.
    waitForReaders(of: 1 - version)
    words[0].store(1 - version, ordering: .sequentiallyConsistent)
    waitForReaders(of: version)
    Self.unmanaged(old)?.release()
  }

  private func waitForReaders(of version: Int) {
    for group in 1...Self.groups {
      let counter = words + group * Self.wordsOfGroup + version
      var attempts = 0
      while counter.pointee.load(ordering: .sequentiallyConsistent) != 0 {
        attempts += 1
        // An evaluation takes less than a microsecond, unless its thread is not running.
        if attempts < 100 { sched_yield() } else { usleep(50) }
      }
    }
  }

  /// The group of the calling thread, from 1.
  @inline(__always)
  private static func group() -> Int {
    // The address of the thread's control block: threads differ in the bits above a page.
    let hash = UInt64(pthread_self()) >> 6 &* 0x9E37_79B9_7F4A_7C15
    return 1 &+ Int(truncatingIfNeeded: hash >> 58)
  }

  @inline(__always)
  private static func unmanaged(_ address: Int) -> Unmanaged<Snapshot>? {
    UnsafeRawPointer(bitPattern: address).map { Unmanaged.fromOpaque($0) }
  }
}
