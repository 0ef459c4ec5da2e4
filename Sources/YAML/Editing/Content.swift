/// What a node says, apart from how it is written: for comparing documents, and for writing new parts of one.
public indirect enum Content: Hashable, Sendable {
  /// A scalar's text.
  ///
  /// `isPlain` is whether it counts as written without quotes, so that `true` is a Boolean; a text that means itself
  /// either way is never plain here.
  case scalar(String, isPlain: Bool)
  /// A list.
  case sequence([Content])
  /// Keys with their values, in order.
  case mapping([Entry])

  /// An entry of a mapping.
  public struct Entry: Hashable, Sendable {
    /// A scalar.
    public var key: Content
    /// Anything.
    public var value: Content

    /// An entry.
    public init(_ key: Content, _ value: Content) {
      self.key = key
      self.value = value
    }
  }

  /// A text that means itself, such as a name.
  public static func text(_ text: String) -> Content { .scalar(text, isPlain: false) }

  /// A number or a Boolean, by its text.
  public static func plain(_ text: String) -> Content {
    .scalar(text, isPlain: CoreScalar(plain: text) != .string)
  }

  /// What a node of a document says, down to the last of its children.
  public init(_ node: Document.Node) {
    switch node.kind {
    case .scalar: self = .scalar(node.text, isPlain: node.value != .string)
    case .sequence: self = .sequence(node.elements.map(Content.init))
    case .mapping: self = .mapping(node.entries.map { Entry(Content($0.key), Content($0.value)) })
    }
  }

  /// The content on one line, in brackets and braces where it is a collection: every reader understands it anywhere.
  public var flowText: String {
    switch self {
    case .scalar(let text, isPlain: true): text
    case .scalar(let text, isPlain: false): PlainScalar.text(of: text)
    case .sequence(let elements): "[" + elements.map(\.flowText).joined(separator: ", ") + "]"
    case .mapping(let entries):
      "{" + entries.map { "\($0.key.flowText): \($0.value.flowText)" }.joined(separator: ", ") + "}"
    }
  }
}

/// Why a document was not edited.
public struct EditError: Error, Hashable, Sendable {
  /// What stands against it; a sentence without a full stop.
  public var message: String
  /// Where.
  public var range: SourceRange

  /// A refusal.
  public init(_ message: String, at range: SourceRange) {
    self.message = message
    self.range = range
  }
}
