/// Slots made from a context's own values when they are asked for, in memory that the caller lends.
struct LazySlots {
  private let attributes: UnsafeBufferPointer<(String, Context.Value)>
  /// The slots made so far, and whose they are.
  private let slots: UnsafeMutablePointer<ContextSlot>
  private let owners: UnsafeMutablePointer<AttributeIndex>
  private var count = 0
  private(set) var memory: ContextMemory

  /// How many slots are kept.
  ///
  /// Few flags look at more attributes; those that do have the last slot made anew each time.
  static let capacity = 16
  /// The memory to lend: slots, owners and short texts.
  static let size = 1024

  /// Slots of a context's values, in lent memory of `size` bytes, aligned to 8.
  init(_ attributes: UnsafeBufferPointer<(String, Context.Value)>, _ lent: UnsafeMutableRawBufferPointer) {
    self.attributes = attributes
    let stride = MemoryLayout<ContextSlot>.stride
    let ownersStart = Self.capacity * stride
    let textStart = ownersStart + Self.capacity * MemoryLayout<AttributeIndex>.stride
    precondition(lent.count == Self.size && textStart < Self.size, "the caller lends this much")
    // The precondition says that there is memory.
    let base = lent.baseAddress.unsafelyUnwrapped
    slots = base.assumingMemoryBound(to: ContextSlot.self)
    owners = (base + ownersStart).assumingMemoryBound(to: AttributeIndex.self)
    memory = ContextMemory(UnsafeMutableRawBufferPointer(rebasing: lent[textStart...]))
  }

  /// The slot of an attribute, valid until the next one is asked for.
  @inline(__always)
  mutating func slot(
    _ attribute: AttributeIndex, _ base: UnsafeRawPointer
  ) -> UnsafePointer<ContextSlot> {
    var index = 0
    while index < count {
      if owners[index] == attribute { return UnsafePointer(slots + index) }
      index &+= 1
    }
    return make(attribute, base)
  }

  @inline(never)
  private mutating func make(_ attribute: AttributeIndex, _ base: UnsafeRawPointer) -> UnsafePointer<ContextSlot> {
    let record = base.record(base.head.pointee.attributes, as: AttributeRecord.self) + Int(attribute)
    if count < Self.capacity { count += 1 }
    owners[count - 1] = attribute
    slots[count - 1].kind = .missing
    slots[count - 1].isTyped = false
    let name = base.text(record.pointee.name)
    // The later of two values counts.
    var index = attributes.count - 1
    while index >= 0 {
      if attributes[index].0.utf8.count == name.count, Self.isEqual(attributes[index].0, name) {
        (slots + (count - 1)).fill(attributes[index].1, type: record.pointee.type, memory: &memory)
        break
      }
      index -= 1
    }
    return UnsafePointer(slots + (count - 1))
  }

  @inline(__always)
  private static func isEqual(_ string: borrowing String, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    let isEqual = string.utf8.withContiguousStorageIfAvailable { utf8 in
      guard let start = name.baseAddress, let other = utf8.baseAddress else { return true }
      return memoryIsEqual(other, start, name.count)
    }
    return isEqual ?? string.utf8.elementsEqual(name)
  }
}
