internal import Glibc

/// A file in memory, as it was when it was opened; the kernel reads it as it is used.
///
/// Git never changes such files: it writes new ones and removes the old ones, which stay readable here.
@safe package final class MappedFile: @unchecked Sendable {
  // Unchecked: the bytes are never written.
  private let bytes: UnsafeRawBufferPointer
  /// What mapped the bytes, and keeps them; nil for this value itself.
  private let owner: MappedFile?

  /// Maps a file; nil when it cannot be opened, or is empty.
  package init?(_ path: String) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
      let start = unsafe mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe start != MAP_FAILED
    else { return nil }
    unsafe bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
    owner = nil
  }

  /// The same file for another thread: two threads that count references to one object wait for each other.
  init(sharing file: MappedFile) {
    unsafe bytes = file.bytes
    owner = file
  }

  deinit {
    if owner == nil { unsafe _ = munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
  }

  /// How many bytes it has.
  package var count: Int { unsafe bytes.count }

  /// The byte at an offset, which must be in the file.
  subscript(offset: Int) -> UInt8 { unsafe bytes[offset] }

  /// The big-endian number at an offset, which must be in the file whole.
  package func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type = Number.self) -> Number {
    precondition(offset >= 0 && offset <= count - MemoryLayout<Number>.size)
    return unsafe Number(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  /// The object id at an offset, which must be in the file whole.
  package func id(at offset: Int) -> ObjectID {
    precondition(offset >= 0 && offset <= count - 20)
    return unsafe ObjectID(reading: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 20]))
  }

  /// Calls `body` with some of the bytes, which must be in the file, and are valid only there.
  package func withBytes<Result>(in range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    precondition(range.upperBound <= count)
    defer { withExtendedLifetime(self) {} }
    return unsafe body(UnsafeRawBufferPointer(rebasing: bytes[range]))
  }

  /// The bytes from an offset to the end; valid while the file is.
  func rest(from offset: Int) -> UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...]) }
}

extension MappedFile {
  /// The position of an id among sorted ones that stand 20 bytes apart from `start` on; nil when it is none of them.
  ///
  /// - Parameter fanout: where a table of 256 numbers stands: how many ids begin with at most this byte.
  func position(of id: ObjectID, fanout: Int, ids start: Int) -> Int? {
    position(of: id, start, within: range(of: id, fanout: fanout))
  }

  /// The positions of several ids, as ``position(of:fanout:ids:)`` has them.
  ///
  /// What one of them needs is read while the others wait for the memory: two steps towards each, and then the rest.
  func positions(of ids: [ObjectID], fanout: Int, ids start: Int) -> [Int?] {
    var ranges = ids.map { range(of: $0, fanout: fanout) }
    for _ in 0..<2 {
      let guesses = zip(ids, ranges).map { id, range in range.low < range.high ? range.guess(id) : nil }
      let found = guesses.map { $0.map { self.id(at: start + $0 * 20) } }
      for (index, id) in ids.enumerated() {
        guard let guess = guesses[index], let found = found[index] else { continue }
        ranges[index].narrow(to: id, by: found, at: guess)
      }
    }
    return zip(ids, ranges).map { id, range in position(of: id, start, within: range) }
  }

  private func position(of id: ObjectID, _ start: Int, within range: SortedIDRange) -> Int? {
    var range = range
    while range.low < range.high {
      let guess = range.guess(id)
      let found = self.id(at: start + guess * 20)
      if found == id { return guess }
      range.narrow(to: id, by: found, at: guess)
    }
    return nil
  }

  private func range(of id: ObjectID, fanout: Int) -> SortedIDRange {
    let first = id.firstByte
    let low = first == 0 ? 0 : Int(number(at: fanout + 4 * (first - 1), as: UInt32.self))
    return SortedIDRange(
      low: low, high: Int(number(at: fanout + 4 * first, as: UInt32.self)), least: UInt64(first) << 56,
      greatest: UInt64(first) << 56 | (1 << 56 - 1))
  }

  /// The last number of a fanout table, the count of all ids; nil when its numbers do not ascend.
  func count(ofFanout start: Int) -> Int? {
    guard start >= 0, start + 1024 <= count else { return nil }
    var previous: UInt32 = 0
    for index in 0..<256 {
      let next: UInt32 = number(at: start + 4 * index)
      guard next >= previous else { return nil }
      previous = next
    }
    return Int(previous)
  }
}

/// Where an id is that is looked for among sorted ones.
private struct SortedIDRange {
  /// The first position where it may be.
  var low: Int
  /// The position behind the last one where it may be.
  var high: Int
  /// What ids begin with there, at least and at most.
  var least: UInt64
  var greatest: UInt64
  private var guesses = 3

  init(low: Int, high: Int, least: UInt64, greatest: UInt64) {
    (self.low, self.high, self.least, self.greatest) = (low, high, least, greatest)
  }

  /// A position to look at next; there must be one.
  ///
  /// Ids are as good as random: where one lies follows from its value, within a few steps.
  func guess(_ id: ObjectID) -> Int {
    guard guesses > 0, greatest > least, (least...greatest).contains(id.leading) else { return (low + high) / 2 }
    let share = Double(id.leading - least) / Double(greatest - least)
    return min(low + Int(share * Double(high - low)), high - 1)
  }

  /// Takes into account which id was found at a guess; that which is looked for stays in the range.
  mutating func narrow(to id: ObjectID, by found: ObjectID, at guess: Int) {
    guesses -= 1
    if found == id {
      (low, high) = (guess, guess + 1)
    } else if found < id {
      (low, least) = (guess + 1, found.leading)
    } else {
      (high, greatest) = (guess, found.leading)
    }
  }
}
