extension SourceRange {
  /// The empty range at the start of a file.
  static var startOfFile: Self {
    let start = SourcePosition(line: 1, column: 1)
    return SourceRange(start: start, end: start)
  }
}

// Every text that a person reads, in one place.
extension YAMLError {
  static func tooLarge(_ bytes: Int, limit: Int) -> Self {
    Self(
      .tooLarge, "the file has \(bytes) bytes, more than \(limit)", at: .startOfFile,
      help: "split it into several files")
  }

  static func tooDeep(limit: Int, at range: SourceRange) -> Self {
    Self(
      .tooDeep, "collections are nested more than \(limit) levels deep", at: range,
      help: "check the indentation and the brackets up to here")
  }

  static func tooManyNodes(limit: Int, at range: SourceRange) -> Self {
    Self(
      .tooManyNodes, "the file has more than \(limit) keys and values", at: range, help: "split it into several files")
  }

  static var outOfMemory: Self {
    Self(.outOfMemory, "there is not enough memory to read the file", at: .startOfFile, help: "free some memory")
  }

  static var empty: Self {
    Self(
      .empty, "the file has no content", at: .startOfFile,
      help: "write a mapping such as 'key: value', or remove the file")
  }

  static func duplicateKey(_ key: String, at range: SourceRange, first: SourceRange) -> Self {
    Self(
      .duplicateKey, "the key '\(key)' is here twice", at: range,
      help: "remove one of the two, or give it another name",
      related: Related(message: "the first is here", range: first))
  }

  static func collectionKey(at range: SourceRange) -> Self {
    Self(
      .collectionKey, "a key is a sequence or a mapping", at: range,
      help: "keys are single names or numbers; quote the key if a text in brackets or braces is meant")
  }

  static func alias(at range: SourceRange) -> Self {
    Self(
      .alias, "aliases (*name) are not allowed", at: range,
      help: "write the value out, or quote it if a text that begins with * is meant")
  }

  static func anchor(at range: SourceRange) -> Self {
    Self(
      .anchor, "anchors (&name) are not allowed", at: range,
      help: "remove it, or quote the value if a text that begins with & is meant")
  }

  static func tag(at range: SourceRange) -> Self {
    Self(
      .tag, "tags (!name) are not allowed", at: range,
      help: "remove it, or quote the value if a text that begins with ! is meant")
  }

  static func multipleDocuments(at range: SourceRange) -> Self {
    Self(
      .multipleDocuments, "a second document begins here", at: range,
      help: "keep one document in a file: move this one to a file of its own, or remove the '---' or '...' before it")
  }

  static func directive(at range: SourceRange) -> Self {
    Self(.directive, "directives (%YAML, %TAG) are not allowed", at: range, help: "remove the line")
  }
}
