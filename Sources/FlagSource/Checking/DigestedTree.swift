/// A flags tree without an error of whose configs only what somebody has made of them was kept.
///
/// Only ``Validation`` makes one, so that nothing of an unchecked flag can be shipped.
package struct DigestedTree<Digest: Sendable>: Sendable {
  /// All but configs and tests: it has none.
  package let tree: FlagsTree
  /// The positions of the configs of which the digests were made, all in one list.
  package let configIndex: ConfigIndex
  /// What was made of the configs, of a few neighbours each, in their order.
  package let digests: [Digest]
}
