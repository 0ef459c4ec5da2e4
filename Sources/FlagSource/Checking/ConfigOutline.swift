internal import YAML

/// What checks of other files ask about a config.
///
/// Configs are most of a tree. Each is checked as soon as it is read, and of one that nobody needs any more this is what
/// stays, a tenth of it.
package struct ConfigOutline: Sendable {
  package let file: FileReference
  /// The position of the flag's definition, negative where there is none.
  private let definitionPosition: Int32
  package let environment: String
  package let flag: String
  /// The flags that it requires.
  package let requires: [Located<String>]
  /// The names of its rules, in their order.
  package let rules: [String]
  package let hasTargets: Bool
  package let isAlwaysEnabled: Bool

  /// The outline of a config.
  ///
  /// - Parameters:
  ///   - position: that of the flag's definition, if there is one.
  ///   - key: the flag's; when it is that of the definition, a text less.
  init(_ config: borrowing EnvironmentConfig, definedAt position: Int?, key: String) {
    file = config.file
    definitionPosition = position.map { Int32(truncatingIfNeeded: $0) } ?? -1
    environment = config.environment
    flag = key
    requires = config.requires.map(\.flag)
    rules = config.rules.map(\.name.value)
    hasTargets = !config.targets.isEmpty
    if case .always = config.enabled.value { isAlwaysEnabled = true } else { isAlwaysEnabled = false }
  }

  /// The position of the flag's definition, if there is one.
  var definition: Int? { definitionPosition < 0 ? nil : Int(definitionPosition) }
}

/// The outlines of a tree's configs, sorted by file.
package struct ConfigOutlines: Sendable {
  package let all: [ConfigOutline]
  /// Positions in ``all`` by environment and flag.
  package let index: ConfigIndex

  /// - Parameter index: that of the configs.
  package init(_ all: [ConfigOutline], index: ConfigIndex) {
    self.all = all
    self.index = index
  }

  /// The config of `flag` in `environment`.
  package func config(of flag: String, in environment: String) -> ConfigOutline? {
    index.position(of: flag, in: environment).map { all[$0] }
  }
}
