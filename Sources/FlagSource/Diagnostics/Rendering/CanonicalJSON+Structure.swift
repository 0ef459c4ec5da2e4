internal import Ensign

/// Shorthands for documents of other people's design, whose members stand in the order of their documentation.
extension CanonicalJSON {
  /// Writes an object, as a member when it has a name.
  mutating func object(_ name: String? = nil, _ members: (inout CanonicalJSON) -> Void) {
    if let name { key(name) }
    beginObject()
    members(&self)
    endObject()
  }

  /// Writes an array, as a member when it has a name.
  mutating func array<Element>(
    _ name: String?, _ elements: some Sequence<Element>, _ write: (inout CanonicalJSON, Element) -> Void
  ) {
    if let name { key(name) }
    beginArray()
    for element in elements { write(&self, element) }
    endArray()
  }

  /// Writes a member with a text.
  mutating func text(_ name: String, _ value: String) {
    key(name)
    append(value)
  }

  /// Writes a member with a number.
  mutating func number(_ name: String, _ value: some BinaryInteger) {
    key(name)
    append(Int(value))
  }
}
