internal import CMalloc
internal import Glibc

/// Memory for large trees in large pages, where the system has them to give.
///
/// A tree of 10,000 flags fills 30,000 pages of 4 KiB. Each costs a trap at its first use, a tenth of the time in all.
package enum LargePages {
  /// Lets the heaps of this process grow in steps that hold large pages, and keep what they have.
  ///
  /// Space that is not used stays without memory behind it.
  package static func prepareHeaps() {
    mallopt(M_TOP_PAD, Int32(heapSize))
    mallopt(M_TRIM_THRESHOLD, Int32(heapSize * 2))
    mallopt(M_MMAP_THRESHOLD, Int32(heapSize / 2))
  }

  /// The heap of a thread, prepared for megabytes of small things, whose number nobody knows before.
  ///
  /// The system puts a large page only where there is no small one yet. Where the heap has just grown there is one, so
  /// the rest of the place for that large page is left out while this exists: nobody uses it, so there is no memory
  /// behind it.
  package final class Heap {
    private let part: UnsafeMutableRawPointer?

    /// Prepares the heap of the thread that calls.
    package init() {
      prepareHeaps()
      let place = Advice().place
      part = place == 0 ? nil : malloc(Int(largePageSize - place % largePageSize))
      // The compiler would leave out an allocation that nobody looks at.
      malloc_usable_size(part)
    }

    deinit { free(part) }
  }

  /// Asks for large pages where the heap of this thread grows; again and again, as it goes on elsewhere when it is full.
  ///
  /// It is advice: where the system does not follow it, or the heap lies elsewhere, nothing changes.
  struct Advice {
    private var advised: UInt = 0
    /// Where the heap had just grown when that was looked at last; 0 when it could not.
    fileprivate private(set) var place: UInt = 0

    init() { renew() }

    /// Looks where the heap grows now.
    mutating func renew() {
      // A block of this size lies where the heap has just grown. The heap of a thread begins at a multiple of its
      // greatest size, that of the first thread anywhere.
      guard let block = malloc(1 << 20) else { return }
      defer { free(block) }
      place = UInt(bitPattern: block)
      let start = place & ~UInt(heapSize - 1)
      guard start != advised, let memory = UnsafeMutableRawPointer(bitPattern: start) else { return }
      advised = start
      madvise(memory, 2 * heapSize, MADV_HUGEPAGE)
    }
  }

  /// Prepares the heaps at the first call, and looks where this thread's grows now.
  static func renew(_ advice: inout Advice?) {
    if advice != nil {
      advice?.renew()
    } else {
      prepareHeaps()
      advice = Advice()
    }
  }

  private static let largePageSize: UInt = 2 << 20

  /// The greatest size of a thread's heap in glibc.
  private static let heapSize = 64 << 20
}
