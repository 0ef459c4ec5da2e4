extension Document {
  /// A scalar, a sequence or a mapping of a document.
  public struct Node: Sendable {
    /// The kinds of nodes.
    public enum Kind: UInt8, Hashable, Sendable {
      /// A text, with or without quotes; an empty place (`key:`) too.
      case scalar
      /// A list.
      case sequence
      /// Keys with their values.
      case mapping
    }

    /// The ways to write a node.
    public enum Style: UInt8, Hashable, Sendable {
      /// A scalar without quotes.
      case plain
      /// A scalar in `'`.
      case singleQuoted
      /// A scalar in `"`.
      case doubleQuoted
      /// A scalar after `|`.
      case literal
      /// A scalar after `>`.
      case folded
      /// A collection by indentation.
      case block
      /// A collection in brackets or braces, or a single pair in brackets.
      case flow
    }

    /// The document it belongs to.
    public let document: Document
    /// Its position among the nodes of the document, in the order of the text; the key of an entry comes just before
    /// the value.
    public let index: Int

    /// The node of `document` with this ``index``, which must be one of its nodes'.
    @inlinable public init(document: Document, index: Int) {
      self.document = document
      self.index = index
    }

    // What follows is inlinable: programs ask millions of nodes a few short questions each.

    @inlinable var record: Record { document.records[index] }

    /// Whether it is a scalar, a sequence or a mapping.
    @inlinable public var kind: Kind { record.kind }

    /// How it is written.
    @inlinable public var style: Style { record.style }

    /// Where it stands.
    ///
    /// A collection by indentation ends where its last child ends, a block scalar at the end of its last line with
    /// text. An empty place is an empty range after the colon or the dash it belongs to, or after the key where a
    /// mapping has neither.
    @inlinable public var range: SourceRange { record.range }

    /// A scalar's own text, without quotes and escapes; empty for collections.
    @inlinable public var text: String { unsafe withUTF8 { unsafe String(decoding: $0, as: UTF8.self) } }

    /// Whether a scalar's own text is `other`, byte for byte; false for collections.
    ///
    /// Nothing is allocated.
    public func textEquals(_ other: String) -> Bool {
      guard kind == .scalar else { return false }
      var other = other
      return other.withUTF8 { right in
        unsafe withUTF8 { left in unsafe left.elementsEqual(right) }
      }
    }

    /// Calls `body` with the UTF-8 bytes of a scalar's own text; with none for collections.
    ///
    /// They are valid only there.
    @inlinable public func withUTF8<Result, Failure: Error>(
      _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      let start = Int(record.textStart)
      let count = kind == .scalar ? Int(record.count) : 0
      return try unsafe document.text.withUnsafeBufferPointer { text throws(Failure) in
        try unsafe body(UnsafeBufferPointer(rebasing: text[start..<start + count]))
      }
    }

    /// What a scalar means; ``CoreScalar/string`` for quoted and block scalars, and for collections.
    ///
    /// - Complexity: O(*n*) in the length of the text, at every access.
    public var value: CoreScalar {
      guard kind == .scalar, style == .plain else { return .string }
      return unsafe withUTF8 { unsafe CoreScalar(plain: $0) }
    }

    /// The elements of a sequence or the entries of a mapping; 0 for scalars.
    @inlinable public var count: Int {
      switch kind {
      case .scalar: 0
      case .sequence: Int(record.count)
      case .mapping: Int(record.count) / 2
      }
    }

    /// The elements of a sequence, in order; none for other kinds.
    @inlinable public var elements: Elements { Elements(rest: Children(of: self, ifKind: .sequence)) }

    /// The entries of a mapping, in the order of the file; none for other kinds.
    ///
    /// Every key is a scalar.
    @inlinable public var entries: Entries { Entries(rest: Children(of: self, ifKind: .mapping)) }
  }

  /// The elements of a sequence.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    @usableFromInline var rest: Children

    @inlinable init(rest: Children) { self.rest = rest }

    /// The next element.
    @inlinable public mutating func next() -> Node? { rest.next() }
  }

  /// The entries of a mapping.
  public struct Entries: Sequence, IteratorProtocol, Sendable {
    @usableFromInline var rest: Children

    @inlinable init(rest: Children) { self.rest = rest }

    /// The next entry.
    @inlinable public mutating func next() -> (key: Node, value: Node)? {
      guard let key = rest.next(), let value = rest.next() else { return nil }
      return (key, value)
    }
  }

  /// The children of a node that are still to come.
  @usableFromInline struct Children: Sendable {
    @usableFromInline let document: Document
    @usableFromInline var index: Int
    @usableFromInline let end: Int

    @inlinable init(of node: Node, ifKind kind: Node.Kind) {
      document = node.document
      index = node.index + 1
      end = node.kind == kind ? Int(node.document.records[node.index].next) : index
    }

    @inlinable mutating func next() -> Node? {
      guard index < end else { return nil }
      defer { index = Int(document.records[index].next) }
      return Node(document: document, index: index)
    }
  }
}
