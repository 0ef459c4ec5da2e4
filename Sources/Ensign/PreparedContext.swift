/// A context in the form that one snapshot's evaluation reads: a slot for each of its attributes, in one block.
@usableFromInline final class PreparedContext: Sendable {
  /// The prepared buffer of the snapshot that the slots are for.
  nonisolated(unsafe) let base: UnsafeRawPointer
  /// As many as the snapshot has attributes.
  nonisolated(unsafe) let slots: UnsafePointer<ContextSlot>
  /// What owns the memory of texts that did not fit the block.
  nonisolated(unsafe) private let memory: ContextMemory
  nonisolated(unsafe) private let block: UnsafeMutableRawPointer
  /// Keeps the buffer alive: otherwise another snapshot could be loaded to the same address.
  private let snapshot: Snapshot
  /// What the slots were made from.
  let attributes: [(String, Context.Value)]

  init(_ attributes: [(String, Context.Value)], for snapshot: Snapshot) {
    self.snapshot = snapshot
    self.attributes = attributes
    base = snapshot.base
    let head = base.head
    let count = Int(head.pointee.attributeCount)
    let stride = MemoryLayout<ContextSlot>.stride
    let textSize = attributes.reduce(0) { $0 + Self.size($1.1) }
    block = UnsafeMutableRawPointer.allocate(byteCount: count * stride + textSize, alignment: 8)
    let slots = block.bindMemory(to: ContextSlot.self, capacity: count)
    slots.initialize(repeating: .missing, count: count)
    var memory = ContextMemory(UnsafeMutableRawBufferPointer(start: block + count * stride, count: textSize))
    let records = base.record(head.pointee.attributes, as: AttributeRecord.self)
    for (name, value) in attributes {
      var name = name
      let index = name.withUTF8 { name in
        name.baseAddress.flatMap { start in
          snapshot.base.find(
            start, name.count, hash: TextHash.hash(start, name.count), in: head.pointee.attributeTable)
        }
      }
      guard let index else { continue }
      slots[Int(index)] = .missing
      (slots + Int(index)).fill(value, type: records[Int(index)].type, memory: &memory)
      slots[Int(index)].prepareHash()
    }
    self.slots = UnsafePointer(slots)
    self.memory = memory
  }

  deinit {
    memory.free()
    block.deallocate()
  }

  /// The memory that a value's texts take.
  private static func size(_ value: Context.Value) -> Int {
    func size(_ text: String) -> Int { (max(text.utf8.count, 1) + 7) & ~7 }
    return switch value {
    case .string(let text): size(text)
    case .list(let elements):
      elements.reduce(max(elements.count, 1) * MemoryLayout<ContextText>.stride) { $0 + size($1) }
    case .integer, .number, .boolean, .timestamp: 0
    }
  }
}

extension Snapshot {
  /// The same context, with what this snapshot's flags look at found and converted once.
  ///
  /// Evaluating many flags for one request is faster with it. It can be used with any snapshot, only that another one
  /// has no use of the preparation; a change of the context drops it.
  public func prepare(_ context: Context) -> Context {
    Context(PreparedContext(context.attributes, for: self), now: context.now)
  }
}
