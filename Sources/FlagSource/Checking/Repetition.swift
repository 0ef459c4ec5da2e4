/// Finds what stands twice in a list.
enum Repetition {
  /// Calls `body` with every element whose value stood before, and with the first of that value.
  ///
  /// - Complexity: O(*n*); short lists are compared without allocating.
  static func forEach<Value: Hashable & Sendable>(
    in list: [Located<Value>], _ body: (_ repeated: Located<Value>, _ first: Located<Value>) -> Void
  ) {
    if list.count <= 8 {
      for index in list.indices.dropFirst() {
        let value = list[index].value
        guard let first = list[..<index].firstIndex(where: { $0.value == value }) else { continue }
        body(list[index], list[first])
      }
      return
    }
    var seen = [Value: Int](minimumCapacity: list.count)
    for (index, element) in list.enumerated() {
      if let first = seen[element.value] {
        body(element, list[first])
      } else {
        seen[element.value] = index
      }
    }
  }
}
