/// What is wrong with a YAML file, where, and what to do about it.
public struct YAMLError: Error, Hashable, Sendable {
  /// The kinds of errors.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// The text is not YAML.
    case syntax
    /// The bytes are not UTF-8.
    case invalidUTF8
    /// A NUL byte.
    case nul
    /// A control character, or a character that YAML 1.1 takes for a line break and editors do not.
    case controlCharacter
    /// The file is larger than ``Limits/bytes``.
    case tooLarge
    /// Collections are nested deeper than ``Limits/depth``.
    case tooDeep
    /// There are more nodes than ``Limits/nodes``.
    case tooManyNodes
    /// A mapping has two keys with the same text.
    case duplicateKey
    /// A key is a sequence or a mapping.
    case collectionKey
    /// A reference to an anchor (`*name`).
    case alias
    /// An anchor (`&name`).
    case anchor
    /// A tag (`!name`).
    case tag
    /// A second document in the file.
    case multipleDocuments
    /// Nothing but white space and comments.
    case empty
    /// A directive (`%YAML`, `%TAG`).
    case directive
    /// The parser got no memory.
    case outOfMemory
  }

  /// Another place that explains the error.
  public struct Related: Hashable, Sendable {
    /// What is there; a sentence without a full stop.
    public var message: String
    /// Where it is.
    public var range: SourceRange
  }

  /// The kind of error.
  public var code: Code
  /// What is wrong; a sentence without a full stop.
  public var message: String
  /// Where it is wrong.
  public var range: SourceRange
  /// What to do; a sentence without a full stop.
  public var help: String
  /// The other place that matters, such as the first of two equal keys.
  public var related: Related?

  init(_ code: Code, _ message: String, at range: SourceRange, help: String, related: Related? = nil) {
    self.code = code
    self.message = message
    self.range = range
    self.help = help
    self.related = related
  }
}
