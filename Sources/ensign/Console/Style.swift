/// Emphasis, or none.
struct Style: Hashable, Sendable {
  let isColored: Bool

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func red(_ text: String) -> String { wrap(text, "1;31") }
  func green(_ text: String) -> String { wrap(text, "32") }
  func yellow(_ text: String) -> String { wrap(text, "33") }
  func cyan(_ text: String) -> String { wrap(text, "36") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}

extension ColorChoice {
  /// The style for one of the console's outputs.
  ///
  /// `auto` colours a terminal, unless `NO_COLOR` is set to anything but nothing (no-color.org) or `TERM` is `dumb`.
  func style(for output: Output, variable: (String) -> String?) -> Style {
    switch self {
    case .always: Style(isColored: true)
    case .never: Style(isColored: false)
    case .auto:
      Style(isColored: output.isTerminal && (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") != "dumb")
    }
  }
}
