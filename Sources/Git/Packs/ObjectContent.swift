internal import Glibc

/// The bytes of an object, in parts that it shares with the objects that a pack makes it of.
///
/// The versions of a large folder differ in a few bytes each. So many thousands of them need little memory, and what two
/// of them have in common is known without looking at it: it is in the same place.
@safe final class ObjectContent {
  /// How many bytes there are.
  let count: Int
  private let parts: [Part]
  /// The bytes that are this object's own: all of them, or the changes to ``base``.
  private let own: UnsafeMutableBufferPointer<UInt8>
  /// Keeps the other parts in memory.
  private let base: ObjectContent?

  /// Some bytes that follow each other, in an object that outlives this value.
  @safe struct Part {
    var start: UnsafePointer<UInt8>
    var count: Int
  }

  /// An object by itself.
  ///
  /// - Parameter bytes: taken over, and deallocated at the end.
  init(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
    unsafe own = bytes
    count = bytes.count
    base = nil
    let start = unsafe bytes.baseAddress.map { unsafe UnsafePointer($0) }
    parts = unsafe start.map { unsafe [Part(start: $0, count: bytes.count)] } ?? []
  }

  /// No bytes.
  static var empty: ObjectContent { unsafe ObjectContent(UnsafeMutableBufferPointer.allocate(capacity: 0)) }

  /// A copy of some bytes.
  convenience init(copying bytes: UnsafeRawBufferPointer) {
    let own = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    unsafe UnsafeMutableRawBufferPointer(own).copyMemory(from: bytes)
    unsafe self.init(own)
  }

  /// An object made of another one.
  ///
  /// - Parameters:
  ///   - parts: of the base and of the changes.
  ///   - changes: taken over, and deallocated at the end.
  init(_ parts: [Part], of base: ObjectContent, changedBy changes: UnsafeMutableBufferPointer<UInt8>) {
    let count = parts.reduce(0) { $0 + $1.count }
    self.count = count
    // One place is faster to read than several, and small objects are read more often than made.
    if count <= 2048 || parts.count > 512 {
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
      unsafe Self.copy(parts, to: UnsafeMutableRawBufferPointer(copy))
      let start = unsafe copy.baseAddress.map { unsafe UnsafePointer($0) }
      unsafe own = copy
      self.parts = unsafe start.map { unsafe [Part(start: $0, count: count)] } ?? []
      self.base = nil
      unsafe changes.deallocate()
    } else {
      unsafe own = changes
      self.parts = parts
      self.base = base
    }
  }

  deinit { unsafe own.deallocate() }

  /// About how much memory this object needs, with its share of what others need too.
  var footprint: Int { unsafe 128 + own.count + parts.count * MemoryLayout<Part>.stride + count / 8 }

  /// Calls `body` with the bytes, which are valid only there.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if parts.count <= 1 {
      return try unsafe body(UnsafeRawBufferPointer(start: parts.first?.start, count: count))
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { unsafe copy.deallocate() }
    unsafe Self.copy(parts, to: copy)
    return try unsafe body(UnsafeRawBufferPointer(copy))
  }

  // MARK: Parts

  var partCount: Int { parts.count }

  /// Adds the parts of some bytes to `target`; nothing is there beyond the end.
  func append(_ range: Range<Int>, to target: inout [Part]) {
    var start = 0
    for part in parts {
      let end = start + part.count
      if start >= range.upperBound { return }
      if end > range.lowerBound {
        let from = max(range.lowerBound, start)
        unsafe target.append(
          Part(start: part.start + (from - start), count: min(range.upperBound, end) - from))
      }
      start = end
    }
  }

  /// Some of the bytes.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    var found: [Part] = []
    append(range, to: &found)
    return unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      unsafe Self.copy(found, to: UnsafeMutableRawBufferPointer(buffer))
      count = range.count
    }
  }

  private static func copy(_ parts: [Part], to target: UnsafeMutableRawBufferPointer) {
    guard var next = target.baseAddress else { return }
    for part in parts {
      unsafe next.copyMemory(from: part.start, byteCount: part.count)
      unsafe next += part.count
    }
  }

  // MARK: Comparing

  /// How many bytes two objects begin with that are the same.
  func commonPrefix(with other: ObjectContent) -> Int {
    var (left, right) = (parts.makeIterator(), other.parts.makeIterator())
    guard var one = left.next(), var two = right.next() else { return 0 }
    var same = 0
    while true {
      let length = min(one.count, two.count)
      let equal = unsafe one.start == two.start ? length : Self.commonPrefix(one.start, two.start, length)
      same += equal
      if equal < length { return same }
      if let next = one.dropFirst(length, followedBy: &left), let other = two.dropFirst(length, followedBy: &right) {
        (one, two) = (next, other)
      } else {
        return same
      }
    }
  }

  /// How many bytes two objects end with that are the same, at most `limit`.
  func commonSuffix(with other: ObjectContent, limit: Int) -> Int {
    var (left, right) = (parts.reversed().makeIterator(), other.parts.reversed().makeIterator())
    guard var one = left.next(), var two = right.next() else { return 0 }
    var same = 0
    while same < limit {
      let length = min(one.count, two.count)
      let (end, otherEnd) = unsafe (one.start + one.count, two.start + two.count)
      let equal = unsafe end == otherEnd ? length : Self.commonSuffix(end, otherEnd, length)
      same += equal
      if equal < length { break }
      if let next = one.dropLast(length, precededBy: &left), let other = two.dropLast(length, precededBy: &right) {
        (one, two) = (next, other)
      } else {
        break
      }
    }
    return min(same, limit)
  }

  private static func commonPrefix(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ limit: Int) -> Int {
    var count = 0
    while count + 64 <= limit, unsafe memcmp(left + count, right + count, 64) == 0 { count += 64 }
    while count < limit, unsafe left[count] == right[count] { count += 1 }
    return count
  }

  private static func commonSuffix(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ limit: Int) -> Int {
    var count = 0
    while count + 64 <= limit, unsafe memcmp(left - count - 64, right - count - 64, 64) == 0 { count += 64 }
    while count < limit, unsafe left[-count - 1] == right[-count - 1] { count += 1 }
    return count
  }

  // MARK: Trees

  /// Where the last entry of a tree ends that lies within the first `limit` bytes.
  ///
  /// Damaged entries are left for who reads on.
  func endOfEntries(within limit: Int) -> Int {
    var (boundary, start, place) = (0, 0, 0)
    // A name ends at the first NUL behind the entry's beginning, and 20 bytes of an id follow.
    for part in parts {
      let end = min(start + part.count, limit)
      while place < end {
        guard let found = unsafe memchr(part.start + (place - start), 0, end - place) else {
          place = end
          break
        }
        let length = unsafe found.assumingMemoryBound(to: UInt8.self) - UnsafeMutablePointer(mutating: part.start)
        place = start + length + 21
        if place > limit { return boundary }
        boundary = place
      }
      start += part.count
      if start >= limit { break }
    }
    return boundary
  }
}

extension ObjectContent.Part {
  /// What is left without the first `length` bytes, or what follows; nil at the end.
  fileprivate func dropFirst<Rest: IteratorProtocol<Self>>(_ length: Int, followedBy rest: inout Rest) -> Self? {
    length == count ? rest.next() : unsafe Self(start: start + length, count: count - length)
  }

  /// What is left without the last `length` bytes, or what precedes; nil at the beginning.
  fileprivate func dropLast<Rest: IteratorProtocol<Self>>(_ length: Int, precededBy rest: inout Rest) -> Self? {
    length == count ? rest.next() : unsafe Self(start: start, count: count - length)
  }
}
