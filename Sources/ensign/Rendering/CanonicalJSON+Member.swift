internal import Ensign

/// The shorthands with which the commands write their JSON.
///
/// Members stand in the order of the documentation, not in canonical order: people read them.
extension CanonicalJSON {
  /// Writes a member with a text.
  mutating func member(_ name: String, _ value: String) {
    key(name)
    append(value)
  }

  /// Writes a member with a number.
  mutating func member(_ name: String, _ value: Int) {
    key(name)
    append(value)
  }

  /// Writes a member with true or false.
  mutating func member(_ name: String, _ value: Bool) {
    key(name)
    append(value)
  }

  /// Writes a member with a value.
  mutating func member(_ name: String, _ value: JSONValue) {
    key(name)
    append(value)
  }

  /// Writes a member with a list of texts.
  mutating func member(_ name: String, _ values: some Sequence<String>) {
    key(name)
    beginArray()
    for value in values { append(value) }
    endArray()
  }

  /// Writes a member with a text, when there is one.
  mutating func memberIfAny(_ name: String, _ value: String?) {
    if let value { member(name, value) }
  }
}
