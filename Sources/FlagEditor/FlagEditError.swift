package import YAML

/// Why a file of a flags tree was not edited.
package struct FlagEditError: Error, Hashable, Sendable {
  /// What stands against it; a sentence without a full stop.
  package var message: String
  /// Where in the file; nil when it is about no place.
  package var range: SourceRange?
  /// What to do, a line each.
  package var help: [String]

  package init(_ message: String, at range: SourceRange? = nil, help: String...) {
    self.message = message
    self.range = range
    self.help = help
  }

  /// A form that the editor does not dare to touch.
  init(_ error: EditError) {
    self.init(error.message, at: error.range, help: "edit the file by hand, then run ensign validate")
  }

  /// A file that cannot be read.
  init(_ error: YAMLError) {
    self.init(error.message, at: error.range, help: error.help)
  }
}
