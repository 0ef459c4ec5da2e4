/// Shorthands for documents of members known beforehand, which stand in the order in which they are written: canonical
/// where the format has to be, that of the documentation where people read them.
extension CanonicalJSON {
  /// Writes a member with a text.
  package mutating func member(_ name: String, _ value: String) {
    key(name)
    append(value)
  }

  /// Writes a member with a text, under a name that needs no escaping.
  package mutating func member(literal name: StaticString, _ value: String) {
    key(literal: name)
    append(value)
  }

  /// Writes a member with a number.
  package mutating func member(_ name: String, _ value: some BinaryInteger) {
    key(name)
    append(Int64(value))
  }

  /// Writes a member with true or false.
  package mutating func member(_ name: String, _ value: Bool) {
    key(name)
    append(value)
  }

  /// Writes a member with a value.
  package mutating func member(_ name: String, _ value: JSONValue) {
    key(name)
    append(value)
  }

  /// Writes a member with a list of texts, in their order.
  package mutating func member(_ name: String, _ values: some Sequence<String>) {
    array(name, values) { $0.append($1) }
  }

  /// Writes a member with a text, when there is one.
  package mutating func memberIfAny(_ name: String, _ value: String?) {
    if let value { member(name, value) }
  }

  /// Writes an object, as a member when it has a name.
  package mutating func object(_ name: String? = nil, _ members: (inout CanonicalJSON) -> Void) {
    if let name { key(name) }
    beginObject()
    members(&self)
    endObject()
  }

  /// Writes an array, as a member when it has a name.
  package mutating func array<Element>(
    _ name: String? = nil, _ elements: some Sequence<Element>, _ write: (inout CanonicalJSON, Element) -> Void
  ) {
    if let name { key(name) }
    beginArray()
    for element in elements { write(&self, element) }
    endArray()
  }
}
