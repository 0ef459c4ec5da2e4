/// The positions of configs in a list, by environment and flag.
package struct ConfigIndex: Sendable {
  private var positions: [String: [String: Int]] = [:]

  /// An index of no configs.
  package init() {}

  /// Makes an index; of two configs with one key the first is found.
  ///
  /// - Parameter configs: sorted by file, so that those of one environment stand together.
  package init<Config: Sendable>(
    _ configs: [Config], environment: @Sendable (borrowing Config) -> String,
    flag: @Sendable (borrowing Config) -> String
  ) {
    // Borrowed: a config is dozens of references to count, and the outline of one some.
    let span = configs.span
    var starts: [Int] = []
    for position in span.indices
    where position == 0 || environment(span[position]) != environment(span[position - 1]) {
      starts.append(position)
    }
    let ends = Array(starts.dropFirst()) + [configs.count]
    let threads = configs.count < Self.configsWorthThreads ? 1 : nil
    let indexes = Threads.map(starts.count, threads: threads) { [starts] number in
      let range = starts[number]..<ends[number]
      var flags = [String: Int](minimumCapacity: range.count)
      let span = configs.span
      // From the last one, so that the first of two stays.
      for position in range.reversed() { flags[flag(span[position])] = position }
      return flags
    }
    for (start, flags) in zip(starts, indexes) {
      let name = environment(configs[start])
      positions[name] = positions[name]?.merging(flags) { first, _ in first } ?? flags
    }
  }

  /// Fewer configs are entered before a second thread has started.
  private static var configsWorthThreads: Int { 10_000 }

  /// How many configs can be found.
  package var count: Int { positions.values.reduce(0) { $0 + $1.count } }

  /// The position of the config of `flag` in `environment`.
  package func position(of flag: String, in environment: String) -> Int? { positions[environment]?[flag] }

  /// The positions of an environment's configs by flag.
  package subscript(environment: String) -> [String: Int] { positions[environment] ?? [:] }
}
