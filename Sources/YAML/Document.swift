/// One YAML document, read once and never changed: a tree of nodes with their places in the file.
///
/// The nodes lie in one flat array in the order of the text, their texts one after the other in a second one, so a
/// document costs two allocations however many nodes it has. Any number of threads may read it.
public final class Document: Sendable {
  @usableFromInline let records: [Record]
  @usableFromInline let text: [UInt8]

  init(records: [Record], text: [UInt8]) {
    self.records = records
    self.text = text
  }

  /// The outermost node.
  @inlinable public var root: Node { Node(document: self, index: 0) }

  /// Whether `position` lies inside the text of a scalar, so that a `#` there begins no comment.
  ///
  /// The line on which a block scalar begins (`|`, `>`) does not belong to its text and may end with a comment.
  ///
  /// - Complexity: O(log *n*) in the number of nodes.
  public func isInsideScalar(_ position: SourcePosition) -> Bool {
    // Nodes begin in the order of the array, and scalars do not overlap: only the last that begins here or before
    // can contain the position.
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle].range.start <= position { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return false }
    let last = records[low - 1]
    guard last.kind == .scalar, position < last.range.end else { return false }
    switch last.style {
    case .literal, .folded: return position.line > last.range.start.line
    default: return true
    }
  }
}

/// One node in the array of a document: 32 bytes.
@usableFromInline struct Record: Equatable, Sendable {
  @usableFromInline var range: SourceRange
  /// Where a scalar's text begins.
  @usableFromInline var textStart: UInt32 = 0
  /// The bytes of a scalar's text, or the children of a collection (keys and values both count).
  @usableFromInline var count: UInt32
  /// The index after the last node below this one: the next sibling, if there is one.
  @usableFromInline var next: UInt32 = 0
  @usableFromInline var kind: Document.Node.Kind
  @usableFromInline var style: Document.Node.Style

  /// Whether nothing is written here, as after `key:`.
  var isEmptyPlace: Bool { kind == .scalar && style == .plain && count == 0 }
}
