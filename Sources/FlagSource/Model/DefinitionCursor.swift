/// Finds definitions for who asks for them in about their order: each question is answered from the place of the last.
struct DefinitionCursor: Sendable {
  private let index: DefinitionIndex
  private let definitions: [Definition]
  private var last: Int?

  /// A cursor before the first of some definitions.
  ///
  /// - Parameter index: that of the definitions.
  init(_ definitions: [Definition], _ index: DefinitionIndex) {
    self.definitions = definitions
    self.index = index
  }

  /// A cursor before the first definition of a tree.
  init(of tree: FlagsTree) { self.init(tree.definitions, tree.definitionIndex) }

  /// The position of the definition of `flag`; nil where there is none.
  mutating func position(ofDefinitionOf flag: String) -> Int? {
    last = index.position(of: flag, in: definitions, after: last)
    return last
  }
}
