/// The documentation pages of the rules, made from the rules' own data.
package enum RuleManual {
  /// The pages by file name: one a rule in `Rules/`, and `Rules.md` with the table of all.
  ///
  /// They stand in the DocC catalogue, and a test fails when one of them is not what this makes.
  package static var pages: [(path: String, text: String)] {
    [("Rules.md", index)] + RuleRegistry.all.map { ("Rules/\($0.pageName).md", markdown(of: $0)) }
  }

  /// The page of one rule in Markdown.
  package static func markdown(of rule: Rule) -> String {
    """
    # \(rule.code) \(rule.name)

    \(rule.summary)

    ## Overview

    \(rule.explanation)

    \(level(rule))\(stage(rule))

    ## Wrong

    \(markdown(of: rule.badExample))
    ## Right

    \(markdown(of: rule.goodExample))
    """
  }

  /// The table of all rules in Markdown.
  private static var index: String {
    let rows = RuleRegistry.all.map { rule in
      let summary = rule.summary.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
      return "| <doc:\(rule.pageName)> | \(rule.level.rawValue) | \(summary) |\n"
    }
    return """
      # Rules

      Every check that `ensign validate` and `ensign check` make.

      ## Overview

      `ensign rules CODE` shows the same pages without a network. <doc:Checks> says how findings are shown, fixed and
      taken back.

      | rule | level | what it finds |
      |---|---|---|
      \(rows.joined())
      """
  }

  private static func level(_ rule: Rule) -> String {
    switch rule.level {
    case .error: "This is an error: a tree that has it is not compiled. It cannot be taken back."
    case .warning, .information:
      """
      This is \(rule.level == .warning ? "a warning" : "information"): the tree is compiled nevertheless. A comment \
      takes it back: `# ensign: allow \(rule.code)` and the reason.
      """
    }
  }

  private static func stage(_ rule: Rule) -> String {
    switch rule.stage {
    case .validation: ""
    case .test: " `ensign check` finds it, which runs the flag tests."
    case .analysis: " It takes an analysis of what the flag does for every context, which `ensign check` makes."
    case .review: " It takes the base of the change: `ensign check --base` finds it."
    }
  }

  private static func markdown(of example: Rule.Example) -> String {
    var text = example.before.isEmpty ? "" : "Before the change:\n\n\(markdown(of: example.before[...]))"
    if !example.before.isEmpty { text += "The change:\n\n" }
    text += markdown(of: example.shown)
    if example.hiddenCount > 0 { text += "… and \(example.hiddenCount) more such files.\n\n" }
    if let commit = example.commit {
      text += "The commit's message\(commit.isSigned ? ", with a good signature" : ""):\n\n"
      text += "```text\n\(TerminalText.lines(commit.message))```\n\n"
    }
    return String(text.dropLast())
  }

  private static func markdown(of files: ArraySlice<(path: String, text: String)>) -> String {
    var text = ""
    for (path, content) in files {
      if content.isEmpty {
        text += "Without `\(path)`.\n\n"
      } else {
        text += "`\(path)`:\n\n```yaml\n\(TerminalText.lines(content))```\n\n"
      }
    }
    return text
  }
}

extension Rule {
  /// The name of the rule's documentation page, such as `E012-unknown-variant`.
  package var pageName: String { "\(code)-\(name)" }
}

extension TerminalText {
  /// The lines of a text with all that would not be shown made visible, each with its end.
  fileprivate static func lines(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { visible(String($0)) }
    if lines.last == "" { lines.removeLast() }
    return lines.joined(separator: "\n") + "\n"
  }
}
