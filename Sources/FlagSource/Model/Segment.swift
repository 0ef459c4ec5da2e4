/// `segments/…/<key>.yaml`: a reusable group of contexts.
package struct Segment: Sendable {
  package var file: FileReference
  package var key: String
  package var description: String?
  /// Targeting keys that are always in, unless excluded.
  package var include: [Located<String>]
  /// Targeting keys that are never in.
  package var exclude: [Located<String>]
  /// The list of further included keys that stands beside the file.
  package var includeFrom: IncludedKeys?
  /// Nil: only the listed keys.
  package var when: Located<Condition>?

  package init(
    file: FileReference, key: String, description: String?, include: [Located<String>], exclude: [Located<String>],
    includeFrom: IncludedKeys?, when: Located<Condition>?
  ) {
    self.file = file
    self.key = key
    self.description = description
    self.include = include
    self.exclude = exclude
    self.includeFrom = includeFrom
    self.when = when
  }

  /// Targeting keys from a text file, one a line.
  package struct IncludedKeys: Sendable {
    /// The name as written in the segment.
    package var name: Located<String>
    /// The text file.
    package var file: FileReference
    /// The file's bytes, UTF-8, checked: one key a line, no empty line but at the end, no key twice.
    package var bytes: [UInt8]
    /// The keys' places in ``bytes``, sorted by the keys' bytes; line ends are not part of a key.
    package var keys: [Range<Int>]

    package init(name: Located<String>, file: FileReference, bytes: [UInt8], keys: [Range<Int>]) {
      self.name = name
      self.file = file
      self.bytes = bytes
      self.keys = keys
    }
  }
}
