internal import Glibc

/// The bytes of an object, in parts that it shares with the objects that a pack makes it of.
///
/// The versions of a large folder differ in a few bytes each. So many thousands of them need little memory, and what two
/// of them have in common is known without looking at it: it is in the same place.
@safe struct ObjectContent: @unchecked Sendable {
  // Unchecked: the bytes are never written once they are there, and where entries begin only who has read them asks.
  /// The parts, of which there is at least one, and behind them bytes of this object's own.
  private let memory: Memory

  private typealias Memory = ManagedBuffer<Head, Part>

  private struct Head {
    var count: Int
    var footprint: Int
    var partCount: Int
    /// Keeps parts in memory that are not this object's own.
    var base: Memory?
    /// Where the entries of a tree begin; nil where nobody has looked.
    var entries: EntryStarts?
  }

  /// Some bytes that follow each other, in an object that outlives this value.
  @safe struct Part {
    var start: UnsafePointer<UInt8>
    var count: Int
  }

  /// How many bytes there are.
  var count: Int { unsafe memory.withUnsafeMutablePointerToHeader { unsafe $0.pointee.count } }

  /// About how much memory this object needs, with its share of what others need too.
  var footprint: Int { unsafe memory.withUnsafeMutablePointerToHeader { unsafe $0.pointee.footprint } }

  /// An object by itself; nil when `fill` returns false.
  ///
  /// - Parameter fill: writes the bytes.
  init?(count: Int, filledBy fill: (UnsafeMutablePointer<UInt8>) -> Bool) {
    memory = Self.memory(ofWhole: count)
    if unsafe !fill(own) { return nil }
  }

  /// A copy of some bytes.
  init(copying bytes: UnsafeRawBufferPointer) {
    memory = Self.memory(ofWhole: bytes.count)
    unsafe UnsafeMutableRawBufferPointer(start: own, count: bytes.count).copyMemory(from: bytes)
  }

  /// An object made of another one.
  ///
  /// - Parameter changes: what the recipe has inserted; copied.
  init(_ recipe: ObjectRecipe, of base: ObjectContent, changedBy changes: UnsafeBufferPointer<UInt8>) {
    let (count, parts) = (recipe.count, recipe.parts)
    // One place is faster to read than several, and small objects are read more often than made.
    if count <= Self.greatestInOnePlace || parts.count > 512 {
      memory = Self.memory(ofWhole: count)
      var next = unsafe own
      for part in parts {
        unsafe next.initialize(from: part.start, count: part.count)
        unsafe next += part.count
      }
      return
    }
    let footprint = 128 + parts.count * MemoryLayout<Part>.stride + changes.count + count / 8
    let head = Head(count: count, footprint: footprint, partCount: parts.count, base: base.memory)
    memory = Self.memory(head, bytes: changes.count)
    unsafe memory.withUnsafeMutablePointerToElements { own in
      unsafe parts.withUnsafeBufferPointer { parts in
        if let first = parts.baseAddress { unsafe own.initialize(from: first, count: parts.count) }
      }
    }
    guard let start = changes.baseAddress else { return }
    let bytes = unsafe own
    unsafe bytes.initialize(from: start, count: changes.count)
    unsafe memory.withUnsafeMutablePointerToElements { own in
      for index in recipe.inserted { unsafe own[index].start = UnsafePointer(bytes + (own[index].start - start)) }
    }
  }

  /// Up to how many bytes an object is never in parts.
  private static let greatestInOnePlace = 2048

  /// Memory for parts, which are not there yet, and for bytes behind them.
  private static func memory(_ head: Head, bytes: Int) -> Memory {
    let stride = MemoryLayout<Part>.stride
    return Memory.create(minimumCapacity: head.partCount + (bytes + stride - 1) / stride) { _ in head }
  }

  /// Memory for so many bytes, and the part that they are.
  private static func memory(ofWhole count: Int) -> Memory {
    let memory = memory(Head(count: count, footprint: 128 + count, partCount: 1, base: nil), bytes: count)
    unsafe memory.withUnsafeMutablePointerToElements { parts in
      let bytes = unsafe UnsafeRawPointer(parts + 1).assumingMemoryBound(to: UInt8.self)
      unsafe parts.initialize(to: Part(start: bytes, count: count))
    }
    return memory
  }

  /// This object's own bytes.
  private var own: UnsafeMutablePointer<UInt8> {
    unsafe memory.withUnsafeMutablePointers { head, parts in
      unsafe UnsafeMutableRawPointer(parts + head.pointee.partCount).assumingMemoryBound(to: UInt8.self)
    }
  }

  /// Calls `body` with some of the bytes, which are valid only there.
  ///
  /// - Parameter range: nil for all.
  func withBytes<Result, Failure: Error>(
    in range: Range<Int>? = nil, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let range = range ?? 0..<count
    if partCount == 1 {
      defer { withExtendedLifetime(memory) {} }
      return try unsafe body(UnsafeRawBufferPointer(start: part(0).start + range.lowerBound, count: range.count))
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 1)
    defer { unsafe copy.deallocate() }
    unsafe self.copy(range, to: copy)
    return try unsafe body(UnsafeRawBufferPointer(copy))
  }

  // MARK: Parts

  /// How many parts there are.
  var partCount: Int { unsafe memory.withUnsafeMutablePointerToHeader { unsafe $0.pointee.partCount } }

  private func part(_ index: Int) -> Part {
    unsafe memory.withUnsafeMutablePointerToElements { unsafe $0[index] }
  }

  /// Calls `body` with all parts, which are valid only there.
  func withParts<Result>(_ body: (UnsafeBufferPointer<Part>) -> Result) -> Result {
    unsafe memory.withUnsafeMutablePointers { head, parts in
      unsafe body(UnsafeBufferPointer(start: parts, count: head.pointee.partCount))
    }
  }

  private func copy(_ range: Range<Int>, to target: UnsafeMutableRawBufferPointer) {
    guard var next = target.baseAddress else { return }
    var start = 0
    for index in 0..<partCount {
      let part = part(index)
      let (from, to) = (max(range.lowerBound, start), min(range.upperBound, start + part.count))
      if from < to {
        unsafe next.copyMemory(from: part.start + (from - start), byteCount: to - from)
        unsafe next += to - from
      }
      start += part.count
      if start >= range.upperBound { return }
    }
  }

  // MARK: Comparing

  /// How many bytes two objects begin with that are the same.
  func commonPrefix(with other: ObjectContent) -> Int {
    var (one, two) = (part(0), other.part(0))
    var (index, otherIndex, same) = (0, 0, 0)
    while true {
      let length = min(one.count, two.count)
      let equal = unsafe one.start == two.start ? length : Self.commonPrefix(one.start, two.start, length)
      same += equal
      if equal < length { return same }
      one = unsafe Part(start: one.start + length, count: one.count - length)
      two = unsafe Part(start: two.start + length, count: two.count - length)
      if one.count == 0 {
        index += 1
        if index == partCount { return same }
        one = part(index)
      }
      if two.count == 0 {
        otherIndex += 1
        if otherIndex == other.partCount { return same }
        two = other.part(otherIndex)
      }
    }
  }

  /// How many bytes two objects end with that are the same, at most `limit`.
  func commonSuffix(with other: ObjectContent, limit: Int) -> Int {
    var (index, otherIndex, same) = (partCount - 1, other.partCount - 1, 0)
    var (one, two) = (part(index), other.part(otherIndex))
    while same < limit {
      let length = min(one.count, two.count)
      let (end, otherEnd) = unsafe (one.start + one.count, two.start + two.count)
      let equal = unsafe end == otherEnd ? length : Self.commonSuffix(end, otherEnd, length)
      same += equal
      if equal < length { break }
      one.count -= length
      two.count -= length
      if one.count == 0 {
        index -= 1
        if index < 0 { break }
        one = part(index)
      }
      if two.count == 0 {
        otherIndex -= 1
        if otherIndex < 0 { break }
        two = other.part(otherIndex)
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

  /// Where the last entry of two versions of a folder ends that lies within the first `prefix` bytes, which they have in
  /// common.
  func endOfEntries(within prefix: Int, inCommonWith other: ObjectContent) -> Int {
    if count <= Self.greatestInOnePlace {
      var last = 0
      forEachEntryEnd(within: prefix) { last = $0 }
      return last
    }
    if let known = other.entries ?? entries { return known.entry(at: prefix).lowerBound }
    let found = EntryStarts(of: self)
    entries = found
    return found.entry(at: prefix).lowerBound
  }

  /// Notes that two versions of a folder have their entries in the same places, if so.
  ///
  /// - Parameters:
  ///   - prefix: how many bytes they begin with that are the same.
  ///   - suffix: how many bytes they end with that are the same.
  func shareEntries(with other: ObjectContent, prefix: Int, suffix: Int) {
    guard count == other.count, let known = entries ?? other.entries,
      known.isInID(prefix..<max(prefix, count - suffix))
    else { return }
    if entries == nil { entries = known }
    if other.entries == nil { other.entries = known }
  }

  /// Where the entries of a tree begin, if somebody has looked; who has read the object may ask and set it.
  private var entries: EntryStarts? {
    get { unsafe memory.withUnsafeMutablePointerToHeader { unsafe $0.pointee.entries } }
    nonmutating set { unsafe memory.withUnsafeMutablePointerToHeader { unsafe $0.pointee.entries = newValue } }
  }

  /// Calls `body` with where each entry of a tree ends that lies within the first `limit` bytes, in order.
  ///
  /// Damaged entries and what follows them are left for who reads on.
  func forEachEntryEnd(within limit: Int, _ body: (Int) -> Void) {
    var (start, place) = (0, 0)
    // A name ends at the first NUL behind the entry's beginning, and 20 bytes of an id follow.
    for index in 0..<partCount {
      let part = part(index)
      let end = min(start + part.count, limit)
      while place < end {
        guard let length = unsafe distanceToNUL(part.start + (place - start), limit: end - place) else {
          place = end
          break
        }
        place += length + 21
        if place > limit { return }
        body(place)
      }
      start += part.count
      if start >= limit { break }
    }
  }

  /// Where the first NUL behind an offset, or there, is; nil when there is none.
  func firstNUL(from offset: Int) -> Int? {
    var start = 0
    for index in 0..<partCount {
      let part = part(index)
      let skipped = max(offset - start, 0)
      if skipped < part.count,
        let length = unsafe distanceToNUL(part.start + skipped, limit: part.count - skipped)
      {
        return start + skipped + length
      }
      start += part.count
    }
    return nil
  }
}
