extension FileAccessError {
  /// The file at `path` is longer than `limit` bytes.
  package init(path: [UInt8], exceeds limit: Int) {
    self.init(.tooLarge, path: path.text, message: "it has more than \(limit) bytes")
  }
}

extension [UInt8] {
  /// The bytes of a path as text; what is not UTF-8 in it becomes U+FFFD.
  package var text: String { String(decoding: self, as: UTF8.self) }

  /// Whether a path ends with these bytes.
  package func hasSuffix(_ suffix: StaticString) -> Bool {
    count >= suffix.utf8CodeUnitCount
      && suffix.withUTF8Buffer { suffix in self[(count - suffix.count)...].elementsEqual(suffix) }
  }
}
