/// A pack of objects with its index, in the formats of `gitformat-pack`: version 2 of both.
final class Pack: Sendable {
  private let index: MappedFile
  private let file: MappedFile
  /// How many objects there are.
  private let count: Int
  private static let fanout = 8
  private var ids: Int { Self.fanout + 1024 }
  private var offsets: Int { ids + count * 24 }
  private var farOffsets: Int { offsets + count * 4 }
  /// Where the pack's entries end and its checksum begins.
  private var end: Int { file.count - 20 }

  /// Opens a pack; nil when it is not of a form that is understood here, or does not belong to its index.
  ///
  /// - Parameter path: of both files, without `.pack` and `.idx`.
  init?(_ path: String) {
    guard let index = MappedFile(path + ".idx"), let file = MappedFile(path + ".pack"), index.count >= 1072,
      index.number(at: 0) == 0xFF74_4F63 as UInt32, index.number(at: 4) == 2 as UInt32,
      let count = index.count(ofFanout: Self.fanout), file.count >= 32,
      file.number(at: 0) == 0x5041_434B as UInt32, file.number(at: 4) == 2 as UInt32,
      Int(file.number(at: 8) as UInt32) == count, index.count >= 1072 + count * 28,
      index.id(at: index.count - 40) == file.id(at: file.count - 20)
    else { return nil }
    (self.index, self.file, self.count) = (index, file, count)
  }

  /// The same pack for another thread, in memory once.
  init(sharing pack: Pack) {
    index = MappedFile(sharing: pack.index)
    file = MappedFile(sharing: pack.file)
    count = pack.count
  }

  /// Where an object's entry begins.
  func offset(of id: ObjectID) -> Int? {
    index.position(of: id, fanout: Self.fanout, ids: ids).flatMap { offset(at: $0) }
  }

  /// The entries of some objects and where they begin; nil for an object that is not here.
  ///
  /// Nothing in one step waits for what the step reads for another object.
  func entries(of objects: [ObjectID]) -> [(offset: Int, entry: Entry)?] {
    let positions = index.positions(of: objects, fanout: Self.fanout, ids: ids)
    let offsets = positions.map { $0.flatMap { offset(at: $0) } }
    return offsets.map { offset in
      guard let offset, let entry = entry(at: offset) else { return nil }
      return (offset, entry)
    }
  }

  private func offset(at position: Int) -> Int? {
    let offset: UInt32 = index.number(at: offsets + 4 * position)
    if offset < 0x8000_0000 { return Int(offset) }
    let far = farOffsets + 8 * Int(offset & 0x7FFF_FFFF)
    guard far <= index.count - 48 else { return nil }
    return Int(exactly: index.number(at: far, as: UInt64.self))
  }

  /// An object as the pack holds it.
  struct Entry {
    enum Content {
      case whole(PackedType)
      /// The changes to the object whose entry begins at an offset.
      case delta(of: Int)
    }

    var content: Content
    /// The size of what is compressed.
    var size: Int
    /// Where the compressed bytes begin.
    var start: Int
  }

  /// The entry at an offset; nil when there is none.
  func entry(at offset: Int) -> Entry? {
    guard offset >= 12, offset < end else { return nil }
    var next = offset
    var byte = file[next]
    let type = byte >> 4 & 7
    var size = Int(byte & 15)
    var shift = 4
    next += 1
    while byte & 0x80 != 0 {
      guard next < end, shift <= 32 else { return nil }
      byte = file[next]
      size |= Int(byte & 0x7F) << shift
      shift += 7
      next += 1
    }
    if let type = PackedType(rawValue: type) { return Entry(content: .whole(type), size: size, start: next) }
    switch type {
    case 6:
      guard let distance = distance(at: &next), distance < offset else { return nil }
      return Entry(content: .delta(of: offset - distance), size: size, start: next)
    case 7:
      guard next + 20 <= end, let base = self.offset(of: file.id(at: next)) else { return nil }
      return Entry(content: .delta(of: base), size: size, start: next + 20)
    default: return nil
    }
  }

  /// How far back the base of a delta is.
  private func distance(at next: inout Int) -> Int? {
    var distance = 0
    for count in 0..<8 {
      guard next < end else { return nil }
      let byte = file[next]
      next += 1
      distance = (count == 0 ? 0 : (distance + 1) << 7) | Int(byte & 0x7F)
      if byte & 0x80 == 0 { return distance > 0 ? distance : nil }
    }
    return nil
  }

  /// The compressed bytes from an entry's start on, and what follows them.
  func compressed(from start: Int) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: file.rest(from: start).prefix(max(end - start, 0)))
  }
}

/// The types of objects, as packs number them.
enum PackedType: UInt8 {
  case commit = 1
  case tree
  case blob
  case tag
}
