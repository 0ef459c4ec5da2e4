extension Evaluator {
  /// Whether a condition holds.
  @inline(__always)
  func holds(_ reference: Reference) -> Bool {
    let condition = base.record(reference, as: ConditionRecord.self)
    if condition.pointee.test.isGroup { return holdsGroup(reference) }
    if condition.pointee.attribute == .now { return holds(condition, instant()) }
    return holds(condition, slot(condition.pointee.attribute))
  }

  /// Whether a condition made of others holds.
  @inline(never)
  private func holdsGroup(_ reference: Reference) -> Bool {
    let group = base.record(reference, as: ConditionRecord.self)
    var child = reference &+ UInt32(MemoryLayout<ConditionRecord>.stride)
    switch group.pointee.test {
    case .not: return !holds(child)
    case .segment:
      let segments = base.record(group.pointee.operands, as: Reference.self)
      for index in 0..<Int(group.pointee.count) where isMember(ofSegment: segments[index]) { return true }
      return false
    default:
      // The first child that decides ends it: one that fails all, one that holds of any.
      let isAll = group.pointee.test == .all
      while child < group.pointee.end {
        if holds(child) != isAll { return !isAll }
        child = base.record(child, as: ConditionRecord.self).pointee.end
      }
      return isAll
    }
  }

  /// Whether the context belongs to a segment: excluded keys never, included ones always, others by the condition.
  func isMember(ofSegment reference: Reference) -> Bool {
    let segment = base.record(reference, as: SegmentRecord.self)
    if isListed(in: segment.pointee.exclude) { return false }
    if isListed(in: segment.pointee.include) { return true }
    return segment.pointee.when != 0 && holds(segment.pointee.when)
  }

  /// Whether the targeting key stands in a table, which may be none.
  func isListed(in table: Reference) -> Bool {
    guard table != 0 else { return false }
    let slot = slot(.targetingKey)
    guard slot.pointee.isTyped, let start = slot.pointee.text.baseAddress else { return false }
    return base.find(start, Int(slot.pointee.count), hash: slot.pointee.textHash, in: table) != nil
  }

  /// Whether a test of the moment of evaluation holds.
  @inline(never)
  private func holds(_ condition: UnsafePointer<ConditionRecord>, _ now: Int64) -> Bool {
    switch condition.pointee.test {
    case .exists: true
    case .missing: false
    default: holdsInteger(condition, now)
    }
  }

  /// Whether a test of an attribute's value holds.
  ///
  /// A missing or wrongly typed value fails every test but `missing`.
  @inline(never)
  private func holds(
    _ condition: UnsafePointer<ConditionRecord>, _ slot: UnsafePointer<ContextSlot>
  ) -> Bool {
    guard slot.pointee.isTyped else { return condition.pointee.test == .missing }
    switch condition.pointee.test {
    case .exists: return true
    case .missing: return false
    case .textIn: return isIn(condition, slot)
    case .textNotIn: return !isIn(condition, slot)
    case .contains, .startsWith, .endsWith: return holdsText(condition, slot)
    case .matches:
      // The address was taken from a pattern that the snapshot keeps.
      guard let pattern = OpaquePointer(bitPattern: UInt(condition.pointee.immediate)) else { return false }
      return RegularExpression.matches(pattern, slot.pointee.text)
    case .booleanIn: return condition.pointee.immediate & (slot.pointee.bits == 1 ? 2 : 1) != 0
    case .booleanNotIn: return condition.pointee.immediate & (slot.pointee.bits == 1 ? 2 : 1) == 0
    case .numberIn, .numberNotIn, .numberLess, .numberAtMost, .numberGreater, .numberAtLeast:
      return holdsNumber(condition, slot.pointee.number)
    case .versionIn, .versionNotIn, .versionLess, .versionAtMost, .versionGreater, .versionAtLeast:
      return holdsVersion(condition, slot)
    case .addressIn: return isInNetworks(condition, slot)
    case .addressNotIn: return !isInNetworks(condition, slot)
    case .includes, .includesAll, .includesNone: return holdsList(condition, slot)
    default: return holdsInteger(condition, Int64(bitPattern: slot.pointee.bits))
    }
  }

  @inline(__always)
  private func holdsInteger(_ condition: UnsafePointer<ConditionRecord>, _ value: Int64) -> Bool {
    let operand = Int64(bitPattern: condition.pointee.immediate)
    switch condition.pointee.test {
    case .integerLess: return value < operand
    case .integerAtMost: return value <= operand
    case .integerGreater: return value > operand
    case .integerAtLeast: return value >= operand
    case .integerIn: return isIn(condition, value)
    case .integerNotIn: return !isIn(condition, value)
    // The loader gives an integer or instant no other test.
    default: return false
    }
  }

  @inline(never)
  private func holdsNumber(_ condition: UnsafePointer<ConditionRecord>, _ value: Double) -> Bool {
    let operand = Double(bitPattern: condition.pointee.immediate)
    switch condition.pointee.test {
    case .numberLess: return value < operand
    case .numberAtMost: return value <= operand
    case .numberGreater: return value > operand
    case .numberAtLeast: return value >= operand
    case .numberIn: return isIn(condition, value)
    default: return !isIn(condition, value)
    }
  }

  /// Whether a number is among a condition's sorted operands.
  @inline(never)
  private func isIn<Number: Comparable & BitwiseCopyable>(
    _ condition: UnsafePointer<ConditionRecord>, _ value: Number
  ) -> Bool {
    let operands = base.record(condition.pointee.operands, as: Number.self)
    var low = 0
    var high = Int(condition.pointee.count)
    while low < high {
      let middle = (low &+ high) / 2
      if operands[middle] < value { low = middle &+ 1 } else { high = middle }
    }
    return low < Int(condition.pointee.count) && operands[low] == value
  }

  /// Whether a text is in a condition's table.
  @inline(__always)
  private func isIn(_ condition: UnsafePointer<ConditionRecord>, _ slot: UnsafePointer<ContextSlot>) -> Bool {
    guard !condition.pointee.ignoresCase else { return isFoldedIn(condition, slot.pointee.text) }
    guard let start = slot.pointee.text.baseAddress else { return false }
    return base.find(start, Int(slot.pointee.count), hash: slot.pointee.textHash, in: condition.pointee.operands) != nil
  }

  @inline(never)
  private func isFoldedIn(_ condition: UnsafePointer<ConditionRecord>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    withFolded(text) { folded in
      guard let start = folded.baseAddress else { return false }
      let hash = TextHash.hash(start, folded.count)
      return base.find(start, folded.count, hash: hash, in: condition.pointee.operands) != nil
    }
  }

  private func withFolded(
    _ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> Bool {
    // One more, so that the memory of an empty text has an address too.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: CaseFolding.capacity(for: text.count) + 1) { folded in
      let count = CaseFolding.fold(text, into: folded)
      return body(UnsafeBufferPointer(rebasing: folded[..<count]))
    }
  }

  @inline(__always)
  private func holdsText(_ condition: UnsafePointer<ConditionRecord>, _ slot: UnsafePointer<ContextSlot>) -> Bool {
    condition.pointee.ignoresCase
      ? holdsFolded(condition, slot.pointee.text) : holdsText(condition, slot.pointee.text)
  }

  @inline(never)
  private func holdsFolded(_ condition: UnsafePointer<ConditionRecord>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    withFolded(text) { holdsText(condition, $0) }
  }

  @inline(__always)
  private func holdsText(_ condition: UnsafePointer<ConditionRecord>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let operand = base.text(base.record(condition.pointee.operands, as: TextReference.self).pointee)
    if condition.pointee.test == .contains { return memoryContains(text, operand) }
    guard text.count >= operand.count, let start = text.baseAddress, let other = operand.baseAddress else {
      return false
    }
    let offset = condition.pointee.test == .startsWith ? 0 : text.count &- operand.count
    return memoryIsEqual(start + offset, other, operand.count)
  }

  @inline(never)
  private func holdsVersion(_ condition: UnsafePointer<ConditionRecord>, _ slot: UnsafePointer<ContextSlot>) -> Bool {
    let version = UnsafeBufferPointer(rebasing: slot.pointee.text[..<Int(slot.pointee.bits)])
    if condition.pointee.test == .versionIn || condition.pointee.test == .versionNotIn {
      guard let start = version.baseAddress else { return false }
      let hash = TextHash.hash(start, version.count)
      let found = base.find(start, version.count, hash: hash, in: condition.pointee.operands) != nil
      return found == (condition.pointee.test == .versionIn)
    }
    let operand = base.text(base.record(condition.pointee.operands, as: TextReference.self).pointee)
    let order = SemanticVersion.compare(version, operand)
    switch condition.pointee.test {
    case .versionLess: return order < 0
    case .versionAtMost: return order <= 0
    case .versionGreater: return order > 0
    default: return order >= 0
    }
  }

  /// Whether an address lies in one of a condition's networks: the last one that does not begin behind it, if any.
  @inline(never)
  private func isInNetworks(_ condition: UnsafePointer<ConditionRecord>, _ slot: UnsafePointer<ContextSlot>) -> Bool {
    guard let address = try? IPAddress(slot.pointee.text) else { return false }
    let ranges = base.record(condition.pointee.operands, as: AddressRangeRecord.self)
    var low = 0
    var high = Int(condition.pointee.count)
    while low < high {
      let middle = (low + high) / 2
      let range = ranges + middle
      let isBehind =
        range.pointee.isVersion6 == address.isVersion6
        ? range.pointee.first > address.bits : range.pointee.isVersion6
      if isBehind { high = middle } else { low = middle + 1 }
    }
    guard low > 0 else { return false }
    let range = ranges + (low - 1)
    return range.pointee.isVersion6 == address.isVersion6 && address.bits <= range.pointee.last
  }

  @inline(never)
  private func holdsList(_ condition: UnsafePointer<ConditionRecord>, _ slot: UnsafePointer<ContextSlot>) -> Bool {
    let elements = slot.pointee.elements
    let table = condition.pointee.operands
    guard condition.pointee.test == .includesAll else {
      let hasOne = elements.contains { find($0, in: table) }
      return hasOne == (condition.pointee.test == .includes)
    }
    // Each operand has to be found; a list that says one twice must not count it twice.
    var found: UInt32 = 0
    for (index, element) in elements.enumerated() where find(element, in: table) {
      let isRepeated = elements[..<index].contains {
        $0.count == element.count && $0.text.elementsEqual(element.text)
      }
      if !isRepeated { found += 1 }
    }
    return found == condition.pointee.count
  }

  private func find(_ element: ContextText, in table: Reference) -> Bool {
    guard let start = element.text.baseAddress else { return false }
    let count = Int(element.count)
    return base.find(start, count, hash: TextHash.hash(start, count), in: table) != nil
  }
}
