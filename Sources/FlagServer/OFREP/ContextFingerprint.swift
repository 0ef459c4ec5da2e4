internal import Ensign

extension CanonicalJSON {
  /// Writes what a context says, so that two contexts give the same bytes when no flag can tell them apart.
  ///
  /// The order in which it was said does not count; whether a number was written as an integer does, since only
  /// integers are hashed into buckets.
  mutating func append(fingerprint context: Context) {
    beginObject()
    for (name, value) in context.sortedAttributes {
      key(name)
      switch value {
      case .string(let text): append(text)
      case .integer(let integer): append(canonical: Array(String(integer).utf8))
      case .number(let number): append(canonical: FloatingPointText.bytes(number))
      case .boolean(let boolean): append(boolean)
      case .list(let elements):
        beginArray()
        for element in elements { append(element) }
        endArray()
      case .timestamp(let instant):
        // No list has a number in it.
        beginArray()
        append(instant.milliseconds)
        endArray()
      }
    }
    endObject()
  }

  /// Writes the values of the metadata that is the same for all flags of an environment.
  mutating func appendMetadataValues(of environment: ServedEnvironment) {
    beginObject()
    appendMetadata(of: environment)
    endObject()
  }
}
