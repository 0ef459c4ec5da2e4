internal import Glibc

extension YAMLError {
  /// A syntax error in words that say what to do about it.
  static func syntax(_ failure: EventParser.Failure, in source: inout SourceText) -> Self {
    // Of a line without a colon libyaml tells the next line; where it began is the better place. Where a quoted text or
    // a bracket is never closed, it tells the end of the file; where that was opened becomes the related place.
    let isKeyWithoutColon = failure.context == "while scanning a simple key"
    let range = source.character(at: isKeyWithoutColon ? failure.contextPlace : failure.place)
    let related = failure.context.flatMap { context -> Related? in
      let place = source.character(at: failure.contextPlace)
      return place == range ? nil : Related(message: context, range: place)
    }
    let known = explanations.first { failure.problem.hasPrefix($0.problem) && $0.applies(to: failure.context) }
    return Self(
      .syntax, known?.message ?? failure.problem, at: range,
      help: known?.help ?? "check the indentation, the quotes and the brackets before this place", related: related)
  }

  private struct Explanation {
    /// How libyaml's text begins.
    var problem: String
    /// What libyaml was doing, when that makes a difference.
    var context: String?
    var message: String
    var help: String

    func applies(to context: String?) -> Bool {
      guard let wanted = self.context else { return true }
      return context.map { unsafe strstr($0, wanted) != nil } ?? false
    }
  }

  /// libyaml's texts that people meet, with an explanation each.
  ///
  /// The others are shown as they are.
  private static let explanations: [Explanation] = [
    Explanation(
      problem: "mapping values are not allowed in this context",
      message: "a ':' is not expected here",
      help: "quote the text if the colon belongs to it, or begin a new line with the right indentation"),
    Explanation(
      problem: "could not find expected ':'",
      message: "this line is no 'key: value'",
      help: "add the ':', or indent the line if it goes on with the value above"),
    Explanation(
      problem: "did not find expected key",
      message: "a key is expected here",
      help: "indent the line as the keys above it; quote values that have special characters"),
    Explanation(
      problem: "did not find expected '-' indicator",
      message: "an element ('- …') is expected here",
      help: "indent the line as the elements above it"),
    Explanation(
      problem: "block sequence entries are not allowed in this context",
      message: "an element ('- …') is not expected here",
      help: "begin the list on a line of its own, or quote the text if the dash belongs to it"),
    Explanation(
      problem: "block mapping keys are not allowed in this context",
      message: "a key is not expected here",
      help: "begin the mapping on a line of its own"),
    Explanation(
      problem: "did not find expected ',' or ']'",
      message: "a ',' or a ']' is expected here",
      help: "separate the elements by commas and close the list; quote texts that have special characters"),
    Explanation(
      problem: "did not find expected ',' or '}'",
      message: "a ',' or a '}' is expected here",
      help: "separate the entries by commas and close the mapping; quote texts that have special characters"),
    Explanation(
      problem: "did not find expected node content",
      message: "a value is expected here",
      help: "write a value, or quote it if it begins with a special character"),
    Explanation(
      problem: "did not find expected <document start>",
      message: "text follows after the end of the document",
      help: "indent it if it belongs to what is above it; a file is one mapping or one list"),
    Explanation(
      problem: "found unexpected end of stream", context: "quoted scalar",
      message: "the text in quotes is not closed",
      help: "close the quotes"),
    Explanation(
      problem: "found unexpected document indicator", context: "quoted scalar",
      message: "the text in quotes is not closed before the document ends",
      help: "close the quotes"),
    Explanation(
      problem: "found character that cannot start any token",
      message: "a value cannot begin with this character",
      help: "quote the value; indent with spaces, not with tabs"),
    Explanation(
      problem: "found a tab character",
      message: "a tab in the indentation",
      help: "indent with spaces"),
    Explanation(
      problem: "found unknown escape character",
      message: "an unknown escape in double quotes",
      help: "write \\\\ for a backslash, or use single quotes"),
    Explanation(
      problem: "did not find expected hexdecimal number",
      message: "an escape in double quotes lacks digits",
      help: "write \\x and 2, \\u and 4 or \\U and 8 hexadecimal digits"),
    Explanation(
      problem: "found invalid Unicode character escape code",
      message: "an escape in double quotes is no Unicode character",
      help: "write the character itself, or \\U and the 8 hexadecimal digits of its code point"),
    Explanation(
      problem: "found undefined tag handle",
      message: "tags (!name) are not allowed",
      help: "remove it, or quote the value if a text that begins with ! is meant"),
  ]
}
