/// An option as it is declared, once: parsing, help, completion and the reference page all read this.
struct Option: Hashable, Sendable {
  /// What follows the option's name.
  enum Value: Hashable, Sendable {
    /// Nothing: the option is there or not.
    case none
    /// A text, called `name` in the help.
    case text(name: String, completion: Completion)
    /// One of a few words.
    case choice(name: String, words: [String])
  }

  /// What a shell offers in the place of a value.
  enum Completion: String, Hashable, Sendable {
    case none
    case file
    case folder
    case environments
    case flags
    case segments
    case owners
    case tags
    case rules
    case commands
  }

  /// The heading under which the help lists the option.
  enum Category: String, CaseIterable, Sendable {
    case general = "options"
    case filter = "filters"
    case global = "global options"
  }

  /// The long name, without dashes.
  let name: String
  let short: Character?
  let value: Value
  /// Whether the option may be given more than once.
  let isRepeatable: Bool
  let category: Category
  /// What it does: lower case, no full stop.
  let help: String

  /// Whether a value follows.
  var takesValue: Bool { value != .none }

  /// The value's name in the help, such as `FILE` or `text|json`.
  var valueName: String? {
    switch value {
    case .none: nil
    case .text(let name, _): name
    case .choice(_, let words): words.joined(separator: "|")
    }
  }
}

/// An option together with the property of `Options` that it sets.
struct OptionDeclaration<Options>: Sendable {
  /// A property of the options, by key path.
  typealias Property<Value> = WritableKeyPath<Options, Value> & Sendable

  let option: Option
  /// Sets the property.
  ///
  /// The parser has checked the text against the declaration: it is nil only for a flag, and one of the words for a
  /// choice.
  let apply: @Sendable (inout Options, String?) -> Void

  /// `--name`: a switch.
  static func flag(
    _ name: String, short: Character? = nil, category: Option.Category = .general,
    _ property: any Property<Bool>, help: String
  ) -> Self {
    let option = Option(
      name: name, short: short, value: .none, isRepeatable: true, category: category, help: help)
    return Self(option: option) { options, _ in options[keyPath: property] = true }
  }

  /// `--name VALUE`.
  static func value(
    _ name: String, short: Character? = nil, _ valueName: String, completion: Option.Completion = .none,
    category: Option.Category = .general, _ property: any Property<String?>, help: String
  ) -> Self {
    let option = Option(
      name: name, short: short, value: .text(name: valueName, completion: completion), isRepeatable: false,
      category: category, help: help)
    return Self(option: option) { options, text in options[keyPath: property] = text }
  }

  /// `--name VALUE`, any number of times.
  static func values(
    _ name: String, short: Character? = nil, _ valueName: String, completion: Option.Completion = .none,
    category: Option.Category = .general, _ property: any Property<[String]>, help: String
  ) -> Self {
    let option = Option(
      name: name, short: short, value: .text(name: valueName, completion: completion), isRepeatable: true,
      category: category, help: help)
    return Self(option: option) { options, text in
      if let text { options[keyPath: property].append(text) }
    }
  }

  /// `--name WORD`, one of the raw values of `Choice`.
  static func choice<Choice: RawRepresentable<String> & CaseIterable & SendableMetatype>(
    _ name: String, short: Character? = nil, _ valueName: String, category: Option.Category = .general,
    _ property: any Property<Choice?>, help: String
  ) -> Self {
    let option = Option(
      name: name, short: short, value: .choice(name: valueName, words: Choice.allCases.map(\.rawValue)),
      isRepeatable: false, category: category, help: help)
    return Self(option: option) { options, text in
      options[keyPath: property] = text.flatMap { Choice(rawValue: $0) }
    }
  }
}
