internal import Ensign
internal import Glibc
internal import Synchronization

/// Runs the same work on several threads at once.
///
/// POSIX threads rather than Dispatch: that one's library costs a twentieth of the time in which a command starts, and
/// no command has work for it but this.
package enum Threads {
  /// How many threads to use for work in so many parts: one for each part and each processor that is online, eight at
  /// most.
  package static func count(forParts parts: Int) -> Int {
    parts > 1 ? min(parts, max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 8) : 1
  }

  /// Calls `body` `count` times, each on a thread of its own, and returns when all calls have.
  ///
  /// Calls for which the system has no thread left are made one after the other.
  package static func run(_ count: Int, _ body: @Sendable () -> Void) { run(count) { _ in body() } }

  /// Does the same for work whose memory grows as it goes on.
  ///
  /// - Parameter body: gets the thread's advice on its memory, to be renewed now and then; nil where one thread does all.
  static func run(_ count: Int, _ body: @Sendable (inout LargePages.Advice?) -> Void) {
    guard count > 1 else {
      var none: LargePages.Advice?
      return body(&none)
    }
    // What is worth several threads takes much memory, too.
    LargePages.prepareHeaps()
    withoutActuallyEscaping(body) { body in
      // The threads borrow the box: all of them end before it does.
      let box = Box {
        var advice: LargePages.Advice? = LargePages.Advice()
        body(&advice)
      }
      var threads: [pthread_t] = []
      for _ in 0..<max(count - 1, 0) {
        var thread = pthread_t()
        let status = pthread_create(&thread, nil, callBody, Unmanaged.passUnretained(box).toOpaque())
        if status == 0 { threads.append(thread) } else { box.body() }
      }
      box.body()
      for thread in threads { pthread_join(thread, nil) }
      withExtendedLifetime(box) {}
    }
  }

  /// How often this thread has waited for something: a file that is not in memory, a lock.
  static var waitsOfThisThread: Int {
    var usage = rusage()
    // RUSAGE_THREAD, which glibc shows to GNU programs only.
    getrusage(1, &usage)
    return usage.ru_nvcsw
  }

  /// Calls `body` with the numbers from 0 up to `count`, each once, as the threads are ready.
  private static func forEach(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Void) {
    let next = Atomic(0)
    run(threads) { advice in
      while true {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard number < count else { return }
        advice?.renew()
        body(number)
      }
    }
  }

  /// What `body` makes of the numbers from 0 up to `count`, each once.
  ///
  /// - Parameter threads: how many do it; nil: as many as are worth it.
  package static func map<Element: Sendable>(
    _ count: Int, threads: Int? = nil, _ body: @Sendable (Int) -> Element
  ) -> [Element] {
    let elements = Guarded([Element?](repeating: nil, count: count))
    forEach(count, threads: threads ?? self.count(forParts: count)) { number in
      let element = body(number)
      elements.withLock { $0[number] = element }
    }
    return elements.withLock { $0.compactMap { $0 } }
  }

  /// The elements of all arrays, one array after the other: several threads move them where they are many.
  static func joined<Element: Sendable>(_ arrays: consuming [[Element]]) -> [Element] {
    arrays.removeAll { $0.isEmpty }
    if arrays.count == 1 { return arrays[0] }
    var total = 0
    var starts: [Int] = []
    starts.reserveCapacity(arrays.count)
    for number in arrays.indices {
      starts.append(total)
      total += arrays[number].count
    }
    // Swift writes into its one empty array, which all threads share.
    if total == 0 { return [] }
    let waiting = Guarded(consume arrays)
    return Array(unsafeUninitializedCapacity: total) { [starts] buffer, count in
      adviseLargePages(UnsafeMutableRawBufferPointer(buffer))
      // Each array has a place of its own in it.
      nonisolated(unsafe) let buffer = buffer
      forEach(starts.count, threads: self.count(forParts: total / elementsPerThread)) { number in
        var array = waiting.withLock { exchange(&$0[number], with: []) }
        var place = starts[number] + array.count
        // Taken out, not copied: no reference in them is counted, now or when the arrays are freed.
        while let element = array.popLast() {
          place -= 1
          buffer.initializeElement(at: place, to: element)
        }
      }
      count = total
    }
  }

  /// Fewer elements are moved before a second thread has started.
  private static let elementsPerThread = 10_000

  /// Calls `other` on a thread of its own while `own` runs on this one, and returns what both return.
  package static func alongside<Other: Sendable, Own>(
    _ other: @Sendable () -> Other, _ own: () -> Own
  ) -> (Other, Own) {
    let result = Guarded<Other?>(nil)
    let mine = withoutActuallyEscaping(other) { other in
      // The thread borrows the box: it ends before the box does.
      let box = Box { result.withLock { $0 = other() } }
      var thread = pthread_t()
      let status = pthread_create(&thread, nil, callBody, Unmanaged.passUnretained(box).toOpaque())
      let mine = own()
      if status == 0 { pthread_join(thread, nil) }
      withExtendedLifetime(box) {}
      return mine
    }
    // Without a thread left in the system, it is done now.
    return (result.withLock { $0 } ?? other(), mine)
  }

  /// What a thread gets to see of the one that starts it.
  private final class Box: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private static let callBody: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { box in
    if let box { Unmanaged<Box>.fromOpaque(box).takeUnretainedValue().body() }
    return nil
  }
}
