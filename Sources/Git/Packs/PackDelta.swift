/// The changes that make one object of another one, as packs hold them: sizes, then parts to copy and bytes to insert.
@safe struct PackDelta {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var next = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { unsafe self.bytes = bytes }

  /// What the changes make of an object; nil when they are damaged, or meant for another one.
  consuming func applied(to base: [UInt8], limit: Int) -> [UInt8]? {
    guard let from = size(), from == base.count, let size = size(), size <= limit else { return nil }
    var isWhole = false
    let result = unsafe [UInt8](unsafeUninitializedCapacity: size) { target, count in
      isWhole = unsafe base.withUnsafeBufferPointer { unsafe write(from: $0, to: target, size) }
      count = isWhole ? size : 0
    }
    return isWhole ? result : nil
  }

  private mutating func write(
    from base: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>, _ size: Int
  ) -> Bool {
    var written = 0
    while unsafe next < bytes.count {
      let command = unsafe bytes[next]
      next += 1
      let source: UnsafeBufferPointer<UInt8>
      if command & 0x80 != 0 {
        guard let offset = number(command & 0x0F, of: 4), let length = number(command >> 4 & 7, of: 3) else {
          return false
        }
        let count = length == 0 ? 0x10000 : length
        guard offset <= base.count, count <= base.count - offset else { return false }
        unsafe source = UnsafeBufferPointer(rebasing: base[offset..<offset + count])
      } else {
        // 0 is reserved.
        guard command > 0, unsafe Int(command) <= bytes.count - next else { return false }
        unsafe source = UnsafeBufferPointer(rebasing: bytes[next..<next + Int(command)])
        next += Int(command)
      }
      guard source.count <= size - written, let place = target.baseAddress,
        let start = source.baseAddress
      else { return false }
      unsafe (place + written).initialize(from: start, count: source.count)
      written += source.count
    }
    return written == size
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
