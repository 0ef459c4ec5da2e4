/// Finds definitions for who asks for them in about their order: each question is answered from the place of the last.
struct DefinitionCursor: Sendable {
  private var last: Int?

  /// The position of the definition of `flag` in ``FlagsTree/definitions``; nil where there is none.
  mutating func position(ofDefinitionOf flag: String, in tree: FlagsTree) -> Int? {
    last = tree.position(ofDefinitionOf: flag, after: last)
    return last
  }
}
