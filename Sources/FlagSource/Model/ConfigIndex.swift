/// The positions of configs in a list, by environment and flag; of two configs with one key the first is found.
package struct ConfigIndex: Sendable {
  private var definitions: DefinitionIndex
  private var environments: [String: OfEnvironment] = [:]
  /// Positions of configs whose flags have no definition, by environment and flag.
  private var undefined: [String: [String: Int]] = [:]
  /// Whether two configs are of one flag in one environment.
  package private(set) var hasRepeatedKey = false

  /// An index of no configs.
  package init() { definitions = DefinitionIndex([]) }

  /// Makes an index.
  ///
  /// What the configs are is asked by their positions: a config is dozens of references to count, and must not be copied.
  ///
  /// - Parameters:
  ///   - count: how many configs there are; it is fastest when those of one environment stand together.
  ///   - environment: that of a config.
  ///   - flag: that of a config.
  ///   - definition: the position of the definition of a config's flag, if there is one; asked in ascending order in each
  ///     environment.
  /// - Complexity: O(*n*) in the number of configs and definitions, however many environments there are.
  init(
    _ count: Int, of definitions: DefinitionIndex, environment: (Int) -> String, flag: (Int) -> String,
    definition: (Int) -> Int?
  ) {
    self.definitions = definitions
    var ranges: [String: [Range<Int>]] = [:]
    var start = 0
    for end in 1..<count + 1 where end == count || environment(end) != environment(start) {
      ranges[environment(start), default: []].append(start..<end)
      start = end
    }
    for (name, ranges) in ranges {
      let count = ranges.reduce(0) { $0 + $1.count }
      var positions = OfEnvironment(configs: count, definitions: definitions.definitionCount)
      for position in ranges.joined() {
        let isFirst =
          if let definition = definition(position) {
            positions.add(position, ofDefinitionAt: definition)
          } else {
            add(position, of: flag(position), in: name)
          }
        if !isFirst { hasRepeatedKey = true }
      }
      environments[name] = positions
    }
  }

  /// Adds a config of a flag without a definition; whether it is the first one.
  private mutating func add(_ position: Int, of flag: String, in environment: String) -> Bool {
    guard undefined[environment]?[flag] == nil else { return false }
    undefined[environment, default: [:]][flag] = position
    return true
  }

  /// The position of the config of `flag` in `environment`.
  package func position(of flag: String, in environment: String) -> Int? {
    guard let definition = definitions[flag] else { return undefined[environment]?[flag] }
    return environments[environment]?[definition]
  }

  /// The positions of an environment's configs by those of the definitions of their flags.
  package subscript(environment: String) -> OfEnvironment { environments[environment] ?? OfEnvironment() }

  /// The positions of an environment's configs by those of the definitions of their flags.
  package struct OfEnvironment: Sendable {
    /// In the order of the definitions.
    ///
    /// It is empty where so few of them have a config that it would take more memory than the configs.
    private var all: [UInt32] = []
    private var few: [Int: UInt32] = [:]

    /// Positions of no configs.
    fileprivate init() {}

    /// Makes room for so many configs.
    fileprivate init(configs: Int, definitions: Int) {
      if definitions / 16 <= configs { all = Array(repeating: Self.nothing, count: definitions) }
    }

    /// Adds a config; whether it is the first one of its flag.
    fileprivate mutating func add(_ position: Int, ofDefinitionAt definition: Int) -> Bool {
      guard self[definition] == nil else { return false }
      let position = UInt32(truncatingIfNeeded: position)
      if all.isEmpty { few[definition] = position } else { all[definition] = position }
      return true
    }

    /// The position of the config of the flag that is defined there.
    package subscript(definition: Int) -> Int? {
      let position = all.isEmpty ? few[definition] ?? Self.nothing : all[definition]
      return position == Self.nothing ? nil : Int(position)
    }

    /// Stands for no config; a tree has fewer files.
    private static let nothing = UInt32.max
  }
}
