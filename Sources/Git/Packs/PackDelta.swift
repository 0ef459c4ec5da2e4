/// The changes that make one object of another one, as packs hold them: sizes, then parts to copy and bytes to insert.
@safe struct PackDelta {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var next = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = bytes }

  /// Adds the parts of the object that the changes make of another one.
  ///
  /// - Returns: Whether that could be done: the changes are whole, and meant for the other one.
  consuming func addParts(of base: ObjectContent, to parts: inout [ObjectContent.Part], limit: Int) -> Bool {
    guard let from = size(), from == base.count, let size = size(), size <= limit else { return false }
    var made = 0
    while unsafe next < bytes.count {
      let command = unsafe bytes[next]
      next += 1
      let length: Int
      if command & 0x80 != 0 {
        guard let offset = number(command & 0x0F, of: 4), let count = number(command >> 4 & 7, of: 3) else {
          return false
        }
        length = count == 0 ? 0x10000 : count
        guard offset <= base.count - length else { return false }
        base.append(offset..<offset + length, to: &parts)
      } else {
        // 0 is reserved.
        length = Int(command)
        guard length > 0, unsafe length <= bytes.count - next, let start = unsafe bytes.baseAddress else {
          return false
        }
        unsafe parts.append(ObjectContent.Part(start: start + next, count: length))
        next += length
      }
      made += length
      guard made <= size else { return false }
    }
    return made == size
  }

  /// The little-endian number of those of `count` bytes that `mask` says are there.
  private mutating func number(_ mask: UInt8, of count: Int) -> Int? {
    var number = 0
    for index in 0..<count where mask & 1 << UInt8(index) != 0 {
      guard unsafe next < bytes.count else { return nil }
      number |= unsafe Int(bytes[next]) << (8 * index)
      next += 1
    }
    return number
  }

  /// A size, seven bits to a byte.
  private mutating func size() -> Int? {
    var size = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      guard unsafe next < bytes.count else { return nil }
      let byte = unsafe bytes[next]
      next += 1
      size |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return size }
    }
    return nil
  }
}
