/// What an object is put together from that is made by changing another one.
@safe struct ObjectRecipe {
  /// How many bytes the object has.
  private(set) var count = 0
  /// Parts of the other object and of the changes, in the order of the bytes.
  private(set) var parts: [ObjectContent.Part] = []
  /// Which of the parts are of the changes.
  private(set) var inserted: [Int] = []
  /// The part of the other object that was copied from last, and where it begins: changes go through it once as a rule.
  private var last = (index: 0, start: 0)

  /// Begins anew, in the same memory.
  mutating func removeAll() {
    count = 0
    parts.removeAll(keepingCapacity: true)
    inserted.removeAll(keepingCapacity: true)
    last = (0, 0)
  }

  /// Adds bytes of the changes.
  mutating func insert(_ start: UnsafePointer<UInt8>, count: Int) {
    inserted.append(parts.count)
    unsafe parts.append(ObjectContent.Part(start: start, count: count))
    self.count += count
  }

  /// Adds bytes of the other object.
  ///
  /// - Parameters:
  ///   - range: not empty, and in the object.
  ///   - base: the same one for all of the recipe.
  mutating func copy(_ range: Range<Int>, of base: ObjectContent) {
    if range.lowerBound < last.start { last = (0, 0) }
    unsafe base.withParts { from in
      var (index, start) = last
      func end() -> Int { unsafe start + from[index].count }
      while end() <= range.lowerBound { (index, start) = (index + 1, end()) }
      let (first, skipped, added) = (index, range.lowerBound - start, parts.count)
      while end() < range.upperBound { (index, start) = (index + 1, end()) }
      unsafe parts.append(contentsOf: from[first...index])
      parts[parts.count - 1].count -= end() - range.upperBound
      unsafe parts[added].start += skipped
      parts[added].count -= skipped
      last = (index, start)
    }
    count += range.count
  }
}
