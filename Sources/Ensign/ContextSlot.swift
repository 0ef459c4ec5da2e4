/// What a context says about one attribute of a snapshot, in plain bytes.
struct ContextSlot {
  var kind: Kind
  /// Whether the value is of the attribute's declared type, so that tests other than `missing` can hold.
  var isTyped: Bool
  /// The hash of the text, of a version without its build metadata.
  var hash: UInt32
  /// Bytes of a text, elements of a list.
  var count: UInt32
  /// The text, or a list's `ContextText`s; the address is 0 where there is none.
  var memory: UInt
  /// An integer; a double's bits; milliseconds; 0 or 1; the bytes of a version without its build metadata.
  ///
  /// A double said for an integer attribute is kept as an integer; an integer said for a number attribute stays one,
  /// since integers are hashed into buckets, and doubles are not.
  var bits: UInt64

  /// What the context said.
  enum Kind: UInt8 {
    case missing
    case string
    case integer
    case number
    case boolean
    case list
    case timestamp
  }

  static let missing = ContextSlot(
    kind: .missing, isTyped: false, hash: 0, count: 0, memory: 0, bits: 0)

  /// The bytes of the text.
  @inline(__always)
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafePointer(bitPattern: memory), count: Int(count))
  }

  /// The value of a typed slot of a number attribute.
  var number: Double { kind == .integer ? Double(Int64(bitPattern: bits)) : Double(bitPattern: bits) }

  /// The elements of the list.
  @inline(__always)
  var elements: UnsafeBufferPointer<ContextText> {
    UnsafeBufferPointer(start: UnsafePointer(bitPattern: memory), count: Int(count))
  }
}

/// An element of a list in a context.
struct ContextText {
  var memory: UInt
  var count: UInt32
  var hash: UInt32

  @inline(__always)
  var text: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafePointer(bitPattern: memory), count: Int(count))
  }
}

/// Memory for the texts of slots: a piece at hand first, more when that is full.
struct ContextMemory {
  private var place: UnsafeMutableRawPointer
  private var left: Int
  /// The pieces that were allocated, each with the address of the one before at its beginning.
  private var allocated: UnsafeMutableRawPointer?

  /// Memory that begins with a piece owned by somebody else.
  init(_ piece: UnsafeMutableRawBufferPointer) {
    // A buffer has an address unless it is empty; then every request allocates.
    place = piece.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped
    left = piece.baseAddress == nil ? 0 : piece.count
  }

  /// Bytes, aligned to 8.
  @inline(__always)
  mutating func reserve(_ byteCount: Int) -> UnsafeMutableRawPointer {
    let size = (byteCount &+ 7) & ~7
    if size > left { allocate(size) }
    let memory = place
    place += size
    left &-= size
    return memory
  }

  @inline(never)
  private mutating func allocate(_ size: Int) {
    let byteCount = max(size + 8, 4096)
    let piece = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 8)
    piece.storeBytes(of: UInt(bitPattern: allocated), as: UInt.self)
    allocated = piece
    place = piece + 8
    left = byteCount - 8
  }

  /// Frees what was allocated.
  @inline(__always)
  func free() {
    var piece = allocated
    while let memory = piece {
      piece = UnsafeMutableRawPointer(bitPattern: memory.load(as: UInt.self))
      memory.deallocate()
    }
  }
}

extension ContextSlot {
  /// The slot of a value for an attribute of a declared type.
  ///
  /// Texts are copied to `memory`.
  @inline(__always)
  init(_ value: Context.Value, type: AttributeType, memory: inout ContextMemory) {
    self = .missing
    switch value {
    case .string(let text): setText(text, type: type, memory: &memory)
    case .integer(let value): setInteger(value, type: type)
    case .number(let value): setNumber(value, type: type)
    case .boolean(let value):
      kind = .boolean
      isTyped = type == .boolean
      bits = value ? 1 : 0
    case .list(let elements):
      kind = .list
      isTyped = type == .list
      if isTyped { setElements(elements, memory: &memory) }
    case .timestamp(let value):
      kind = .timestamp
      isTyped = type == .timestamp
      bits = UInt64(bitPattern: value.milliseconds)
    }
  }

  @inline(__always)
  private mutating func setText(_ string: String, type: AttributeType, memory: inout ContextMemory) {
    kind = .string
    let copy = ContextText(string, memory: &memory)
    self.memory = copy.memory
    count = copy.count
    hash = copy.hash
    if type == .string {
      isTyped = true
    } else {
      parseText(type)
    }
  }

  @inline(never)
  private mutating func parseText(_ type: AttributeType) {
    switch type {
    case .version:
      guard let length = try? SemanticVersion.precedenceLength(text), let start = text.baseAddress else { return }
      bits = UInt64(length)
      hash = TextHash.hash(start, length)
      isTyped = true
    case .timestamp:
      guard let milliseconds = try? Timestamp.milliseconds(text) else { return }
      bits = UInt64(bitPattern: milliseconds)
      isTyped = true
    case .ip: isTyped = (try? IPAddress(text)) != nil
    default: break
    }
  }

  private mutating func setInteger(_ value: Int64, type: AttributeType) {
    kind = .integer
    bits = UInt64(bitPattern: value)
    isTyped = type == .integer || type == .number
  }

  private mutating func setNumber(_ value: Double, type: AttributeType) {
    kind = .number
    switch type {
    case .integer:
      guard let integer = Int64(exactly: value) else { return }
      bits = UInt64(bitPattern: integer)
      isTyped = true
    case .number:
      // What is no number, or infinite, compares with nothing.
      guard value.isFinite else { return }
      bits = value.bitPattern
      isTyped = true
    default: break
    }
  }

  private mutating func setElements(_ elements: [String], memory: inout ContextMemory) {
    let stride = MemoryLayout<ContextText>.stride
    let list = memory.reserve(max(elements.count, 1) * stride)
    for (index, element) in elements.enumerated() {
      let text = ContextText(element, memory: &memory)
      (list + index * stride).initializeMemory(as: ContextText.self, to: text)
    }
    self.memory = UInt(bitPattern: list)
    count = UInt32(truncatingIfNeeded: elements.count)
  }
}

extension ContextText {
  @inline(__always)
  init(_ string: String, memory: inout ContextMemory) {
    var string = string
    self = string.withUTF8 { utf8 in
      let copy = memory.reserve(max(utf8.count, 1))
      if let start = utf8.baseAddress { copy.copyMemory(from: start, byteCount: utf8.count) }
      let text = copy.assumingMemoryBound(to: UInt8.self)
      return ContextText(
        memory: UInt(bitPattern: copy), count: UInt32(truncatingIfNeeded: utf8.count),
        hash: TextHash.hash(text, utf8.count))
    }
  }
}
