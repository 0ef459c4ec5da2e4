package import YAML

/// One thing that is wrong, or worth saying, at one place of a flags tree.
///
/// A value, never a string passed around: renderers turn it into text, JSON or workflow commands. Its words are made by
/// static functions at the bottom of the rule's own file.
package struct Finding: Sendable {
  /// The rule that found it.
  package var code: RuleCode
  package var level: Level
  /// What is wrong, in one sentence without a full stop, naming the value at hand.
  package var message: String
  /// What to do about it, in one sentence without a full stop: what was expected, the nearest known name.
  package var help: String
  package var file: FileReference
  package var range: SourceRange
  /// Other places that matter, such as the first of two definitions.
  package var notes: [Note]
  package var fix: Fix?
  /// Where ``help`` and ``fix`` come from while the findings are not sorted yet; nil in what ``Validation`` hands out.
  var suggestion: Suggestion?
  /// The flag concerned, when there is one.
  package var flag: String?
  /// The environment concerned, when there is one.
  package var environment: String?

  package init(
    _ code: RuleCode, level: Level, message: String, help: String, file: FileReference, range: SourceRange,
    notes: [Note] = [], fix: Fix? = nil, flag: String? = nil, environment: String? = nil
  ) {
    self.code = code
    self.level = level
    self.message = message
    self.help = help
    self.file = file
    self.range = range
    self.notes = notes
    self.fix = fix
    self.flag = flag
    self.environment = environment
  }

  /// How bad it is: errors stop a compile and cannot be silenced.
  package enum Level: String, CaseIterable, Comparable, Sendable {
    case information, warning, error

    package static func < (left: Level, right: Level) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .information: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// Another place that belongs to the finding.
  package struct Note: Sendable {
    package var message: String
    package var file: FileReference
    package var range: SourceRange

    package init(_ message: String, file: FileReference, range: SourceRange) {
      self.message = message
      self.file = file
      self.range = range
    }
  }

  /// A change that would remove the finding.
  package struct Fix: Sendable {
    /// What the change does, as an imperative: "write `production`".
    package var title: String
    package var applicability: Applicability
    /// Edits of the finding's own file that do not overlap, in ascending order.
    package var edits: [Edit]

    package init(title: String, applicability: Applicability, edits: [Edit]) {
      self.title = title
      self.applicability = applicability
      self.edits = edits
    }

    /// A replacement of the characters of a range; an empty range inserts.
    package struct Edit: Sendable {
      package var range: SourceRange
      package var replacement: String
      /// True while `range` is that of a list's entry alone, without the comma or the dash that has to go with it.
      ///
      /// Only the text of the file tells where that is; ``Validation`` hands out findings whose edits are all exact.
      package private(set) var removesEntry: Bool

      package init(range: SourceRange, replacement: String) {
        self.range = range
        self.replacement = replacement
        removesEntry = false
      }

      /// The removal of an entry of a list, with all that belongs to it.
      package init(removingEntry range: SourceRange) {
        self.range = range
        replacement = ""
        removesEntry = true
      }
    }

    /// What a fix may change.
    package enum Applicability: String, Sendable {
      /// No evaluation changes that worked before; `validate --fix` applies it.
      case safe
      /// A guess at what was meant; shown, never applied.
      case unsafe
    }
  }

  /// The order of reports: file, place, code, message.
  package static func reportOrder(_ left: Finding, _ right: Finding) -> Bool {
    if left.file != right.file { return left.file < right.file }
    if left.range.start != right.range.start { return left.range.start < right.range.start }
    if left.code != right.code { return left.code < right.code }
    return left.message.utf8.lexicographicallyPrecedes(right.message.utf8)
  }
}
