/// What conditions and hashes ask about.
package struct ConditionUses: Sendable {
  /// Names of attributes, built-in ones among them.
  var attributes: Set<String> = []
  /// Keys of segments, without those that segments use.
  var segments: Set<String> = []

  /// Adds what others ask about.
  mutating func formUnion(_ other: ConditionUses) {
    attributes.formUnion(other.attributes)
    segments.formUnion(other.segments)
  }
}
