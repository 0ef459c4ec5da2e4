internal import Git
internal import Glibc

/// A file that says what commits changed; it is written once, and never altered.
///
/// Sixteen bytes of name and version; how many records; of each record, sorted by commit, the commit, the number of its
/// bytes, where they begin, and a checksum; then the bytes of all. Numbers are big-endian.
struct HistoryCacheFile: Sendable {
  /// Where it lies.
  let path: String
  /// The number of records.
  let count: Int
  private let file: MappedFile

  /// What is said of one commit.
  struct Record {
    var commit: ObjectID
    /// In the form of ``ChangeCoding``.
    var bytes: [UInt8]
  }

  private static let magic = Array("ensign history 1".utf8)
  private static let headSize = 24
  private static let entrySize = 40

  /// Opens a file of this user; nil when it is none of these.
  init?(_ path: String) {
    guard let file = MappedFile(path), file.count >= Self.headSize,
      unsafe file.withBytes(in: 0..<16, { unsafe $0.elementsEqual(Self.magic) })
    else { return nil }
    let count = file.number(at: 16, as: UInt64.self)
    guard count <= UInt64((file.count - Self.headSize) / Self.entrySize) else { return nil }
    self.path = path
    self.file = file
    self.count = Int(count)
  }

  /// The size in bytes.
  var size: Int { file.count }

  /// What is said of a commit; nil when nothing is, or it is damaged.
  func bytes(of commit: ObjectID) -> [UInt8]? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      let found = file.id(at: Self.headSize + middle * Self.entrySize)
      if found == commit { return record(middle)?.bytes }
      if found < commit { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// All that is not damaged.
  var records: [Record] { (0..<count).compactMap(record) }

  private func record(_ number: Int) -> Record? {
    let entry = Self.headSize + number * Self.entrySize
    let commit = file.id(at: entry)
    let length = Int(file.number(at: entry + 20, as: UInt32.self))
    guard let start = Int(exactly: file.number(at: entry + 24, as: UInt64.self)), start <= file.count,
      length <= file.count - start
    else { return nil }
    let bytes = unsafe file.withBytes(in: start..<start + length) { unsafe Array($0) }
    guard file.number(at: entry + 32, as: UInt64.self) == Self.checksum(of: bytes, commit) else { return nil }
    return Record(commit: commit, bytes: bytes)
  }

  // MARK: Writing

  /// The bytes of a file.
  ///
  /// - Parameter records: in any order; of two of one commit, either is written.
  static func bytes(_ records: [Record]) -> [UInt8] {
    var sorted: [Record] = []
    sorted.reserveCapacity(records.count)
    for record in records.sorted(by: { $0.commit < $1.commit }) where sorted.last?.commit != record.commit {
      sorted.append(record)
    }
    var bytes = magic
    bytes.reserveCapacity(headSize + sorted.reduce(0) { $0 + entrySize + $1.bytes.count })
    append(UInt64(sorted.count), to: &bytes)
    var start = headSize + sorted.count * entrySize
    for record in sorted {
      bytes += record.commit.bytes
      append(UInt32(record.bytes.count), to: &bytes)
      append(UInt64(start), to: &bytes)
      append(checksum(of: record.bytes, record.commit), to: &bytes)
      start += record.bytes.count
    }
    for record in sorted { bytes += record.bytes }
    return bytes
  }

  private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: number.bigEndian) { bytes += unsafe $0 }
  }

  /// A number that another content has with a chance of one in 2^64, unless somebody is after it: it is for damaged
  /// disks, not against forgers.
  private static func checksum(of bytes: [UInt8], _ commit: ObjectID) -> UInt64 {
    var sum = UInt64(bytes.count)
    func add(_ word: UInt64) {
      sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
      sum ^= sum >> 29
    }
    for byte in commit.bytes { add(UInt64(byte)) }
    unsafe bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset + 8 <= bytes.count {
        add(unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        offset += 8
      }
      for index in offset..<bytes.count { add(unsafe UInt64(bytes[index])) }
    }
    return sum
  }
}
