internal import Glibc

/// Whether two stretches of memory hold the same bytes.
@inline(__always)
func memoryIsEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
  if count >= 8 { return longMemoryIsEqual(left, right, count) }
  if count >= 4 {
    return differ(left, right, 0, UInt32.self) | differ(left, right, count &- 4, UInt32.self) == 0
  }
  // Three bytes at most: the first, the middle and the last one.
  return count == 0
    || differ(left, right, 0, UInt8.self) | differ(left, right, count >> 1, UInt8.self)
      | differ(left, right, count &- 1, UInt8.self) == 0
}

@inline(__always)
private func longMemoryIsEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
  var offset = 0
  while offset &+ 8 < count {
    if differ(left, right, offset, UInt64.self) != 0 { return false }
    offset &+= 8
  }
  // The last eight bytes, some of them a second time.
  return differ(left, right, count &- 8, UInt64.self) == 0
}

/// Zero where two words are equal.
@inline(__always)
private func differ<Word: FixedWidthInteger & BitwiseCopyable>(
  _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ offset: Int, _ type: Word.Type
) -> Word {
  left.loadUnaligned(fromByteOffset: offset, as: type) ^ right.loadUnaligned(fromByteOffset: offset, as: type)
}

/// Whether a text occurs in another.
func memoryContains(_ text: UnsafeBufferPointer<UInt8>, _ part: UnsafeBufferPointer<UInt8>) -> Bool {
  guard let first = part.first, let start = part.baseAddress else { return true }
  guard var place = UnsafeRawPointer(text.baseAddress) else { return false }
  // Places after the last one at which the part still fits.
  let end = place + text.count - part.count + 1
  while place < end, let found = memchr(place, Int32(first), end - place) {
    if memcmp(found, start, part.count) == 0 { return true }
    place = UnsafeRawPointer(found) + 1
  }
  return false
}

/// Asks the system to give a large stretch of memory in large pages, which takes a tenth of the time.
///
/// Only advice: where the system does not follow it, everything works all the same.
package func adviseLargePages(_ memory: UnsafeMutableRawBufferPointer) {
  guard memory.count >= 4 << 20, let base = memory.baseAddress else { return }
  // The advice is for whole pages; those of 4 KiB are the smallest there are.
  let start = base.alignedUp(toMultipleOf: 4096)
  _ = madvise(start, (base + memory.count - start) & ~4095, MADV_HUGEPAGE)
}

extension Array {
  /// Reserves place for so many elements, in large pages where that is much memory and the system has them.
  mutating func reserveLargePages(for count: Int) {
    reserveCapacity(count)
    // Swift's one empty array is shared by all threads.
    if capacity == 0 { return }
    let size = capacity * MemoryLayout<Element>.stride
    withUnsafeMutableBufferPointer { buffer in
      adviseLargePages(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size))
    }
  }
}
