internal import Glibc

/// Memory that grows while a snapshot is prepared, and then is the snapshot's buffer.
///
/// A document of 256 MiB, the largest there is, becomes twelve times larger at most (tables of short keys), so that
/// every place fits a `Reference`.
struct PreparedArena: ~Copyable {
  private(set) var base: UnsafeMutableRawPointer
  /// Bytes in use, always a multiple of 16: the alignment of every record.
  private(set) var count: Int
  private var capacity: Int

  /// An arena that begins with room for the head, and a document, behind which 16 bytes can be read at least.
  init(document: UnsafeBufferPointer<UInt8>) {
    count = Self.aligned(HeadRecord.size + document.count)
    // Snapshots of many small flags need about three times their size; what is not used is never touched.
    capacity = Self.aligned(count * 4 + 4096)
    base = Self.reallocate(nil, capacity)
    adviseLargePages(UnsafeMutableRawBufferPointer(start: base, count: capacity))
    if let start = document.baseAddress {
      (base + HeadRecord.size).copyMemory(from: start, byteCount: document.count)
    }
  }

  deinit { free(base) }

  /// Gives the memory away, trimmed to what is in use.
  ///
  /// The receiver hands it to `free`.
  consuming func take() -> UnsafeRawPointer {
    let memory = UnsafeRawPointer(Self.reallocate(base, count))
    discard self
    return memory
  }

  /// Gives up what was added since there were `count` bytes.
  mutating func rewind(to count: Int) {
    precondition(count <= self.count)
    self.count = count
  }

  /// Reserves zeroed bytes, aligned to 16.
  mutating func reserve(_ byteCount: Int) -> Reference {
    let start = count
    count = Self.aligned(count + byteCount)
    precondition(count <= Int(Reference.max), "a document within its limits cannot become this large")
    if count > capacity {
      capacity = max(count, capacity * 2)
      base = Self.reallocate(base, capacity)
    }
    (base + start).initializeMemory(as: UInt8.self, repeating: 0, count: count - start)
    return Reference(truncatingIfNeeded: start)
  }

  /// Reserves room for records, and returns the first.
  mutating func reserve<Record: BitwiseCopyable>(_ type: Record.Type, count: Int = 1) -> Reference {
    reserve(MemoryLayout<Record>.stride * count)
  }

  /// Adds a record.
  mutating func append<Record: BitwiseCopyable>(_ record: Record) -> Reference {
    let reference = reserve(Record.self)
    self[reference] = record
    return reference
  }

  /// Adds records, one after the other; none is 0.
  mutating func append<Record: BitwiseCopyable>(_ records: [Record]) -> Reference {
    guard !records.isEmpty else { return 0 }
    let reference = reserve(Record.self, count: records.count)
    for (index, record) in records.enumerated() { self[reference, index] = record }
    return reference
  }

  /// Adds a document, behind which 16 bytes can be read at least.
  mutating func append(document: UnsafeBufferPointer<UInt8>) -> Reference {
    let reference = reserve(document.count + 16)
    if let start = document.baseAddress {
      (base + Int(reference)).copyMemory(from: start, byteCount: document.count)
    }
    return reference
  }

  /// Adds a text.
  mutating func append(text: [UInt8]) -> TextReference {
    // An empty text still gets a place of its own: 0 stands for none.
    let reference = reserve(max(text.count, 1))
    text.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { (base + Int(reference)).copyMemory(from: start, byteCount: bytes.count) }
    }
    return TextReference(offset: reference, count: UInt32(text.count))
  }

  /// A record at a place.
  subscript<Record: BitwiseCopyable>(_ reference: Reference, _ index: Int = 0) -> Record {
    get { (base + Int(reference)).assumingMemoryBound(to: Record.self)[index] }
    nonmutating set { (base + Int(reference)).assumingMemoryBound(to: Record.self)[index] = newValue }
  }

  /// Adds an empty table with room for a number of texts.
  mutating func appendTable(capacity: Int) -> Reference {
    var places = 1
    while places * 3 < capacity * 4 || places <= capacity { places *= 2 }
    let size = MemoryLayout<TableRecord>.size + places * MemoryLayout<TableRecord.Entry>.stride
    let reference = reserve(size)
    self[reference] = TableRecord(mask: UInt32(places - 1), count: 0)
    return reference
  }

  /// Enters a text into a table; false when it is there already.
  func insert(_ text: TextReference, _ payload: UInt32 = 0, into table: Reference) -> Bool {
    let bytes = (base + Int(text.offset)).assumingMemoryBound(to: UInt8.self)
    let count = Int(text.count)
    let hash = TextHash.hash(bytes, count)
    var head: TableRecord = self[table]
    let entries = (base + Int(table) + MemoryLayout<TableRecord>.size).assumingMemoryBound(to: TableRecord.Entry.self)
    var place = hash & head.mask
    while entries[Int(place)].text.offset != 0 {
      let entry = entries[Int(place)]
      if entry.hash == hash, entry.text.count == text.count,
        memoryIsEqual(base + Int(entry.text.offset), bytes, count)
      {
        return false
      }
      place = (place &+ 1) & head.mask
    }
    entries[Int(place)] = TableRecord.Entry(hash: hash, payload: payload, text: text)
    head.count += 1
    self[table] = head
    return true
  }

  private static func aligned(_ count: Int) -> Int { (count + 15) & ~15 }

  private static func reallocate(_ memory: UnsafeMutableRawPointer?, _ byteCount: Int) -> UnsafeMutableRawPointer {
    guard let memory = realloc(memory, byteCount) else { preconditionFailure("there is no memory for a snapshot") }
    return memory
  }
}
