internal import FlagSource

extension StringProtocol {
  /// The text with all that a terminal would not show as it is made visible: names and values come from strangers.
  var printable: String { TerminalText.visible(String(self)) }
}
