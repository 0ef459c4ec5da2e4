/// A place in a text file, as editors count it.
///
/// Lines end at a line feed, with or without a carriage return before it; no other character ends a line (those that
/// YAML 1.1 takes for line breaks are refused, see ``YAMLError/Code-swift.enum/controlCharacter``). A byte order mark
/// at the start of the file takes no column.
public struct SourcePosition: Hashable, Comparable, Sendable {
  /// The line, from 1.
  public var line: UInt32
  /// The column, from 1, in Unicode scalars (not bytes, not UTF-16 units).
  public var column: UInt32

  /// The place with this line and this column, both from 1.
  @inlinable public init(line: UInt32, column: UInt32) {
    self.line = line
    self.column = column
  }

  /// Orders by line, then by column: the order of the text.
  @inlinable public static func < (left: Self, right: Self) -> Bool {
    left.line != right.line ? left.line < right.line : left.column < right.column
  }
}

/// A stretch of a text file.
public struct SourceRange: Hashable, Sendable {
  /// The first place of the stretch.
  public var start: SourcePosition
  /// The place just after the stretch; equal to `start` when it is empty.
  public var end: SourcePosition

  /// The stretch from `start` up to, and without, `end`.
  @inlinable public init(start: SourcePosition, end: SourcePosition) {
    self.start = start
    self.end = end
  }
}
