/// The changes that make one object of another one, as packs hold them: sizes, then parts to copy and bytes to insert.
@safe struct PackDelta {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var next = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = bytes }

  /// Writes down what makes an object of another one.
  ///
  /// - Parameter recipe: empty.
  /// - Returns: Whether that could be done: the changes are whole, and meant for the other one.
  consuming func write(_ recipe: inout ObjectRecipe, of base: ObjectContent, limit: Int) -> Bool {
    let available = base.count
    guard let from = size(), from == available, let size = size(), size <= limit else { return false }
    while unsafe next < bytes.count {
      let command = unsafe bytes[next]
      next += 1
      let length: Int
      if command & 0x80 != 0 {
        guard let offset = number(command & 0x0F, of: 4), let count = number(command >> 4 & 7, of: 3) else {
          return false
        }
        length = count == 0 ? 0x10000 : count
        guard offset <= available - length, recipe.count + length <= size else { return false }
        recipe.copy(offset..<offset + length, of: base)
      } else {
        // 0 is reserved.
        length = Int(command)
        guard length > 0, recipe.count + length <= size, unsafe length <= bytes.count - next,
          let start = unsafe bytes.baseAddress
        else { return false }
        unsafe recipe.insert(start + next, count: length)
        next += length
      }
    }
    return recipe.count == size
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
