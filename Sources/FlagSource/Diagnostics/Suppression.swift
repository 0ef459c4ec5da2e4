package import YAML

/// A comment that takes back findings: `# ensign: allow W014 the audit needs the key`.
///
/// Several rules are separated by commas. Behind something on its line it holds for that line. Alone on its line it
/// holds for the next line that is neither empty nor a comment; above all else in a file it holds for the file as a
/// whole, whose findings stand at 1:1. Errors are never taken back.
package struct Suppression: Sendable {
  package var file: FileReference
  /// The comment, from its `#` to the end of the line.
  package var range: SourceRange
  /// The codes or names of rules as written; empty when the comment is not of the form above.
  package var rules: [Located<String>]
  /// Why; empty when the author does not say.
  package var reason: String
  /// The lines on which findings may begin that it takes back; between the first and the last stand only comments.
  package var lines: ClosedRange<UInt32>

  package init(
    file: FileReference, range: SourceRange, rules: [Located<String>], reason: String, lines: ClosedRange<UInt32>
  ) {
    self.file = file
    self.range = range
    self.rules = rules
    self.reason = reason
    self.lines = lines
  }
}
