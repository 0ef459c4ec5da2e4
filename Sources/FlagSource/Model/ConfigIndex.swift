/// The positions of configs in a list, by environment and flag.
package struct ConfigIndex: Sendable {
  private var positions: [String: [String: Int]] = [:]

  /// An index of no configs.
  package init() {}

  /// Makes an index; of two configs with one key the first is found.
  ///
  /// - Parameter configs: sorted by file, so that those of one environment stand together.
  package init<Config>(_ configs: [Config], environment: (Config) -> String, flag: (Config) -> String) {
    var start = 0
    while start < configs.count {
      let name = environment(configs[start])
      let end = configs[start...].firstIndex { environment($0) != name } ?? configs.count
      var flags = [String: Int](minimumCapacity: end - start)
      flags.merge(zip(configs[start..<end].map(flag), start..<end)) { first, _ in first }
      positions[name] = positions[name]?.merging(flags) { first, _ in first } ?? flags
      start = end
    }
  }

  /// How many configs can be found.
  package var count: Int { positions.values.reduce(0) { $0 + $1.count } }

  /// The position of the config of `flag` in `environment`.
  package func position(of flag: String, in environment: String) -> Int? { positions[environment]?[flag] }

  /// The positions of an environment's configs by flag.
  package subscript(environment: String) -> [String: Int] { positions[environment] ?? [:] }
}
