internal import Glibc

/// Whether two stretches of memory hold the same bytes.
@inline(__always)
func memoryIsEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
  memcmp(left, right, count) == 0
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
