/// What a context says about one attribute of a snapshot, in plain bytes.
struct ContextSlot {
  var kind: Kind
  /// Whether the value is of the attribute's declared type, so that tests other than `missing` can hold.
  var isTyped: Bool
  /// The hash of the text, or 0 when it was not worth computing yet.
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

extension UnsafeMutablePointer<ContextSlot> {
  /// Fills a slot with a value for an attribute of a declared type.
  ///
  /// Texts are copied to `memory`.
  func fill(_ value: Context.Value, type: AttributeType, memory: inout ContextMemory) {
    switch value {
    case .string(let text):
      let copy = ContextText(text, memory: &memory)
      pointee.setText(copy.memory, Int(copy.count), type: type)
    case .integer(let value): pointee.setInteger(value, type: type)
    case .number(let value): pointee.setNumber(value, type: type)
    case .boolean(let value):
      pointee.kind = .boolean
      pointee.isTyped = type == .boolean
      pointee.bits = value ? 1 : 0
    case .list(let elements):
      pointee.kind = .list
      pointee.isTyped = type == .list
      if pointee.isTyped { pointee.setElements(elements, memory: &memory) }
    case .timestamp(let value):
      pointee.kind = .timestamp
      pointee.isTyped = type == .timestamp
      pointee.bits = UInt64(bitPattern: value.milliseconds)
    }
  }

  /// Fills a slot with an attribute's value, which outlives the slot: long texts stay where they are.
  ///
  /// Fields are written where they stay: a slot put together elsewhere and copied stalls the processor.
  @inline(__always)
  func fill(
    inPlace attribute: UnsafePointer<(String, Context.Value)>, type: AttributeType, memory: inout ContextMemory
  ) {
    switch ValueInPlace(attribute) {
    case .words(let words):
      let text = memory.reserve(StringWords.size)
      words.store(to: text)
      pointee.setText(UInt(bitPattern: text), words.inlineCount, type: type)
    case .memory(let start, let count): pointee.setText(UInt(bitPattern: start), count, type: type)
    case .integer(let value): pointee.setInteger(value, type: type)
    case .other: fill(attribute.pointee.1, type: type, memory: &memory)
    }
  }
}

/// What there is to a value of a context, read without counting a reference: nothing is written before all is read.
private enum ValueInPlace {
  /// A text that the string itself holds.
  case words(StringWords)
  /// A text in memory that the string keeps alive.
  case memory(UnsafePointer<UInt8>, Int)
  case integer(Int64)
  /// Anything rarer.
  case other

  @inline(__always)
  init(_ attribute: UnsafePointer<(String, Context.Value)>) {
    switch attribute.pointee.1 {
    case .string(let text):
      let words = StringWords(text)
      // More bytes do not fit the string itself: they lie in memory that it has for as long as it lives.
      let memory = text.utf8.count >= StringWords.size ? text.utf8.withContiguousStorageIfAvailable { $0 } : nil
      if words.isInline {
        self = .words(words)
      } else if let memory, let start = memory.baseAddress {
        self = .memory(start, memory.count)
      } else {
        self = .other
      }
    case .integer(let value): self = .integer(value)
    default: self = .other
    }
  }
}

extension ContextSlot {
  /// Says that the context has a text.
  @inline(__always)
  fileprivate mutating func setText(_ text: UInt, _ count: Int, type: AttributeType) {
    kind = .string
    isTyped = type == .string
    hash = 0
    self.count = UInt32(truncatingIfNeeded: count)
    memory = text
    if type != .string { parseText(type) }
  }

  @inline(__always)
  fileprivate mutating func setInteger(_ value: Int64, type: AttributeType) {
    kind = .integer
    isTyped = type == .integer || type == .number
    bits = UInt64(bitPattern: value)
  }

  @inline(never)
  fileprivate mutating func parseText(_ type: AttributeType) {
    switch type {
    case .version:
      guard let length = try? SemanticVersion.precedenceLength(text) else { return }
      bits = UInt64(length)
      isTyped = true
    case .timestamp:
      guard let milliseconds = try? Timestamp.milliseconds(text) else { return }
      bits = UInt64(bitPattern: milliseconds)
      isTyped = true
    case .ip: isTyped = (try? IPAddress(text)) != nil
    default: break
    }
  }

  fileprivate mutating func setNumber(_ value: Double, type: AttributeType) {
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

  fileprivate mutating func setElements(_ elements: [String], memory: inout ContextMemory) {
    let stride = MemoryLayout<ContextText>.stride
    let list = memory.reserve(max(elements.count, 1) * stride)
    for (index, element) in elements.enumerated() {
      let text = ContextText(element, memory: &memory)
      (list + index * stride).initializeMemory(as: ContextText.self, to: text)
    }
    self.memory = UInt(bitPattern: list)
    count = UInt32(truncatingIfNeeded: elements.count)
  }

  /// Hashes the text once for all tests: worth it in a slot that many flags look at.
  mutating func prepareHash() {
    guard kind == .string, let start = text.baseAddress else { return }
    hash = TextHash.hash(start, Int(count))
  }

  /// The hash of the text.
  @inline(__always)
  var textHash: UInt32 {
    guard hash == 0, let start = text.baseAddress else { return hash }
    return TextHash.hash(start, Int(count))
  }
}

extension ContextText {
  @inline(__always)
  init(_ string: borrowing String, memory: inout ContextMemory) {
    let count = string.utf8.count
    let copy = memory.reserve(max(count, 1))
    // Swift's own strings are contiguous always; the loop is for what the type permits.
    let isCopied: Void? = string.utf8.withContiguousStorageIfAvailable { utf8 in
      if let start = utf8.baseAddress { copy.copyMemory(from: start, byteCount: count) }
    }
    if isCopied == nil {
      for (index, byte) in string.utf8.enumerated() { copy.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
    }
    self.init(memory: UInt(bitPattern: copy), count: UInt32(truncatingIfNeeded: count))
  }
}
