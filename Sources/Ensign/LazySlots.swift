/// Slots made from a context's own values when they are asked for, in memory that the caller lends.
///
/// Values are read where they lie, and no reference is counted: the context outlives the slots.
struct LazySlots {
  private let attributes: UnsafeBufferPointer<(String, Context.Value)>
  /// A table from attributes to slots: an attribute's place is its number's remainder, or the next one that is free.
  private var owners: UnsafeMutablePointer<AttributeIndex>
  private var slots: UnsafeMutablePointer<ContextSlot>
  private var capacity: UInt32
  /// The slots made so far; at least one place stays free.
  private var count: UInt32 = 0
  private(set) var memory: ContextMemory

  /// How many places the lent memory has; few flags look at as many attributes.
  static let lentCapacity: UInt32 = 16
  /// The memory to lend: owners, slots and short texts.
  static let size = 1024

  /// The owner of a place that is free.
  private static let nobody = AttributeIndex.max

  /// Slots of a context's values, in lent memory of `size` bytes, aligned to 16.
  init(_ attributes: UnsafeBufferPointer<(String, Context.Value)>, _ lent: UnsafeMutableRawBufferPointer) {
    self.attributes = attributes
    precondition(lent.count == Self.size, "the caller lends this much")
    capacity = Self.lentCapacity
    memory = ContextMemory(lent)
    (owners, slots) = Self.table(capacity, in: &memory)
  }

  /// An empty table.
  @inline(__always)
  private static func table(
    _ capacity: UInt32, in memory: inout ContextMemory
  ) -> (UnsafeMutablePointer<AttributeIndex>, UnsafeMutablePointer<ContextSlot>) {
    let count = Int(capacity)
    let owners = memory.reserve(count * MemoryLayout<AttributeIndex>.stride)
    let slots = memory.reserve(count * MemoryLayout<ContextSlot>.stride)
    return (
      owners.initializeMemory(as: AttributeIndex.self, repeating: nobody, count: count),
      slots.bindMemory(to: ContextSlot.self, capacity: count)
    )
  }

  // The functions below that read one field or two take them as parameters: of a method, the compiler would load the
  // whole structure anew, right behind writes to some of it, and that stalls the processor.

  /// The slot of an attribute.
  @inline(__always)
  mutating func slot(
    _ attribute: AttributeIndex, _ base: UnsafeRawPointer
  ) -> UnsafePointer<ContextSlot> {
    let place = Self.place(of: attribute, in: owners, capacity)
    return owners[place] == attribute ? UnsafePointer(slots + place) : make(attribute, place, base)
  }

  /// Where an attribute's slot is, or has to be made.
  @inline(__always)
  private static func place(
    of attribute: AttributeIndex, in owners: UnsafeMutablePointer<AttributeIndex>, _ capacity: UInt32
  ) -> Int {
    var place = attribute & (capacity &- 1)
    while owners[Int(place)] != attribute, owners[Int(place)] != nobody {
      place = (place &+ 1) & (capacity &- 1)
    }
    return Int(place)
  }

  @inline(never)
  private mutating func make(
    _ attribute: AttributeIndex, _ free: Int, _ base: UnsafeRawPointer
  ) -> UnsafePointer<ContextSlot> {
    var place = free
    count &+= 1
    if count == capacity {
      grow()
      place = Self.place(of: attribute, in: owners, capacity)
    }
    owners[place] = attribute
    let slot = slots + place
    slot.pointee.kind = .missing
    slot.pointee.isTyped = false
    let record = base.record(base.head.pointee.attributes, as: AttributeRecord.self) + Int(attribute)
    if let found = Self.find(record, base, in: attributes) {
      slot.fill(inPlace: found, type: record.pointee.type, memory: &memory)
    }
    return UnsafePointer(slot)
  }

  /// Doubles the table; slots that were handed out stay what they are.
  @inline(never)
  private mutating func grow() {
    let (oldOwners, oldSlots, oldCapacity) = (owners, slots, capacity)
    capacity *= 2
    (owners, slots) = Self.table(capacity, in: &memory)
    for old in 0..<Int(oldCapacity) where oldOwners[old] != Self.nobody {
      let place = Self.place(of: oldOwners[old], in: owners, capacity)
      owners[place] = oldOwners[old]
      slots[place] = oldSlots[old]
    }
  }

  /// What the context says about an attribute; the later of two values counts.
  @inline(__always)
  private static func find(
    _ record: UnsafePointer<AttributeRecord>, _ base: UnsafeRawPointer,
    in attributes: UnsafeBufferPointer<(String, Context.Value)>
  ) -> UnsafePointer<(String, Context.Value)>? {
    guard let first = attributes.baseAddress else { return nil }
    let name = record.pointee.nameWords
    var attribute = first + attributes.count
    while attribute > first {
      attribute -= 1
      let words = StringWords(attribute.pointee.0)
      // A short text has one form in a string itself.
      if words == name || !words.isInline && isNamed(attribute, base.text(record.pointee.name)) { return attribute }
    }
    return nil
  }

  @inline(never)
  private static func isNamed(
    _ attribute: UnsafePointer<(String, Context.Value)>, _ name: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard attribute.pointee.0.utf8.count == name.count else { return false }
    let isEqual = attribute.pointee.0.utf8.withContiguousStorageIfAvailable { utf8 in
      guard let start = name.baseAddress, let other = utf8.baseAddress else { return true }
      return memoryIsEqual(other, start, name.count)
    }
    return isEqual ?? attribute.pointee.0.utf8.elementsEqual(name)
  }
}
