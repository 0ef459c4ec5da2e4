package import YAML

/// A stretch of a file of the tree: where a finding points.
package struct Place: Sendable {
  package var file: FileReference
  package var range: SourceRange

  package init(_ file: FileReference, _ range: SourceRange) {
    self.file = file
    self.range = range
  }

  /// The start of a file, for what concerns it as a whole.
  package static func start(of file: FileReference) -> Place {
    let start = SourcePosition(line: 1, column: 1)
    return Place(file, SourceRange(start: start, end: start))
  }
}
