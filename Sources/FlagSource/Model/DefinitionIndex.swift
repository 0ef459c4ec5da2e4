/// The positions of definitions in a list, by flag; of two definitions with one key the first is found.
package struct DefinitionIndex: Sendable {
  private let positions: [String: Int]
  /// How many definitions the list has.
  package let definitionCount: Int

  /// Makes an index.
  init(_ definitions: [Definition]) {
    var positions = [String: Int](minimumCapacity: definitions.count)
    let span = definitions.span
    // From the last one, so that the first of two stays.
    for position in span.indices.reversed() { positions[span[position].key] = position }
    self.positions = positions
    definitionCount = definitions.count
  }

  /// Whether two definitions have one key.
  package var hasRepeatedKey: Bool { positions.count < definitionCount }

  /// The position of the definition of `flag`.
  package subscript(flag: String) -> Int? { positions[flag] }

  /// The position of the definition of `flag`, for who asks in the order of the definitions: hardly anything is hashed
  /// then.
  ///
  /// - Parameters:
  ///   - definitions: the list.
  ///   - last: what the question before was answered with.
  func position(of flag: String, in definitions: [Definition], after last: Int?) -> Int? {
    let next = last.map { $0 + 1 } ?? 0
    if !hasRepeatedKey, next < definitionCount, definitions.span[next].key == flag { return next }
    return positions[flag]
  }
}
