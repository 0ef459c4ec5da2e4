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
  /// The position of an id among `count` sorted ones that stand `stride` bytes apart from `start` on.
  ///
  /// - Parameter fanout: where a table of 256 numbers stands: how many ids begin with at most this byte.
  func position(of id: ObjectID, fanout: Int, ids start: Int, stride: Int = 20) -> Int? {
    let first = id.firstByte
    var low = first == 0 ? 0 : Int(number(at: fanout + 4 * (first - 1), as: UInt32.self))
    var high = Int(number(at: fanout + 4 * first, as: UInt32.self))
    // Ids are as good as random: where one lies follows from its value, within a few steps.
    var (least, greatest) = (UInt64(first) << 56, UInt64(first) << 56 | (1 << 56 - 1))
    var guesses = 3
    while low < high {
      var middle = (low + high) / 2
      if guesses > 0, greatest > least, (least...greatest).contains(id.leading) {
        guesses -= 1
        let share = Double(id.leading - least) / Double(greatest - least)
        middle = min(low + Int(share * Double(high - low)), high - 1)
      }
      let found = self.id(at: start + middle * stride)
      if found == id { return middle }
      if found < id { (low, least) = (middle + 1, found.leading) } else { (high, greatest) = (middle, found.leading) }
    }
    return nil
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
