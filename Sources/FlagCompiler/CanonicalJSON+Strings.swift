internal import Ensign

extension CanonicalJSON {
  /// Writes a member whose value is a string.
  mutating func member(_ name: String, _ value: String) {
    key(name)
    append(value)
  }

  /// Writes a member of the snapshot format whose value is a string.
  mutating func member(literal name: StaticString, _ value: String) {
    key(literal: name)
    append(value)
  }

  /// Writes an array of strings in the order given.
  mutating func append(_ strings: [String]) {
    beginArray()
    for string in strings { append(string) }
    endArray()
  }
}
