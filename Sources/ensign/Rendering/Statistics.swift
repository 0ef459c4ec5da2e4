internal import Ensign
internal import FlagCompiler
internal import FlagSource

/// The results of `stats`.
struct Statistics {
  /// A file of the tree, measured.
  struct File {
    /// Relative to the tree.
    let path: String
    let bytes: Int
    let seconds: Double
  }

  /// What there is in an environment.
  struct Environment {
    let name: String
    let configs: Int
    /// Configs that may be enabled at some time.
    let enabled: Int
    let rules: Int
    /// The size of the compiled snapshot.
    let snapshotBytes: Int
  }

  /// How many files stand in the lists of the largest and the slowest.
  private static let listed = 5

  let files: [File]
  let flags: Int
  let archived: Int
  let segments: Int
  let tests: Int
  /// Living flags by type, kind and owner; `-` stands for none.
  let groups: [(name: String, counts: [(word: String, count: Int)])]
  let environments: [Environment]

  init(of source: CheckedSource, files: [File]) throws(CommandError) {
    let tree = source.tree
    self.files = files
    let living = tree.definitions.filter { !$0.isArchived }
    flags = living.count
    archived = tree.definitions.count - living.count
    segments = tree.segments.count
    tests = tree.tests.count
    groups = [
      ("type", Self.counted(living.map(\.type.value.rawValue))),
      ("kind", Self.counted(living.map { $0.kind?.value.rawValue ?? "-" })),
      ("owner", Self.counted(living.map { $0.owner?.value ?? "-" })),
    ]
    var environments: [Environment] = []
    for compiled in try source.compiled() {
      let environment = compiled.environment
      let configs = tree.configs.filter { $0.environment == environment }
      let enabled = configs.count { config in
        if case .never = config.enabled.value { false } else { true }
      }
      environments.append(
        Environment(
          name: environment, configs: configs.count, enabled: enabled, rules: configs.reduce(0) { $0 + $1.rules.count },
          snapshotBytes: compiled.bytes.count))
    }
    self.environments = environments
  }

  private static func counted(_ words: [String]) -> [(word: String, count: Int)] {
    Dictionary(words.map { ($0, 1) }, uniquingKeysWith: +).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private var largest: ArraySlice<File> {
    files.sorted { ($1.bytes, $0.path) < ($0.bytes, $1.path) }.prefix(Self.listed)
  }

  private var slowest: ArraySlice<File> {
    files.sorted { ($1.seconds, $0.path) < ($0.seconds, $1.path) }.prefix(Self.listed)
  }

  private var totalBytes: Int { files.reduce(0) { $0 + $1.bytes } }

  func text(_ style: Style) -> String {
    var text = "\(Plural.of(files.count, "file")), \(Plural.of(totalBytes, "byte"))\n"
    text += "\(Plural.of(flags, "flag")) and \(Plural.grouped(archived)) archived, "
    text += "\(Plural.of(segments, "segment")), \(Plural.of(tests, "test"))\n"
    for group in groups {
      let counts = group.counts.map { "\($0.word.printable) \(Plural.grouped($0.count))" }
      text += "by \(group.name): \(counts.joined(separator: ", "))\n"
    }
    var table = Table(["ENVIRONMENT", "CONFIGS", "ENABLED", "RULES", "SNAPSHOT BYTES"])
    for environment in environments {
      table.add([
        environment.name, Plural.grouped(environment.configs), Plural.grouped(environment.enabled),
        Plural.grouped(environment.rules), Plural.grouped(environment.snapshotBytes),
      ])
    }
    text += "\n" + table.rendered(style)
    text += "\n" + Self.table("LARGEST FILE", "BYTES", largest) { Plural.grouped($0.bytes) }.rendered(style)
    text += "\n" + Self.table("SLOWEST FILE", "MS", slowest) { $0.milliseconds.description }.rendered(style)
    return text
  }

  private static func table(
    _ left: String, _ right: String, _ files: ArraySlice<File>, _ value: (File) -> String
  ) -> Table {
    var table = Table([left, right])
    for file in files { table.add([file.path, value(file)]) }
    return table
  }

  static let fields = [
    JSONField("files", "how many files there are"),
    JSONField("bytes", "their size together"),
    JSONField("flags", "how many flags live"),
    JSONField("archived", "how many are archived"),
    JSONField("segments", "how many segments there are"),
    JSONField("tests", "how many entries the test files have"),
    JSONField("type.*", "how many living flags are of each type"),
    JSONField("kind.*", "of each kind; - counts those without one"),
    JSONField("owner.*", "of each owner; - counts those without one"),
    JSONField("environments[].environment", "an environment, in the order of the manifest"),
    JSONField("environments[].configs", "how many flags have a config there"),
    JSONField("environments[].enabled", "how many of these are enabled at some time"),
    JSONField("environments[].rules", "how many rules they have"),
    JSONField("environments[].snapshotBytes", "the size of the compiled snapshot"),
    JSONField("largest[].file", "one of the five largest files, relative to the tree"),
    JSONField("largest[].bytes", "its size"),
    JSONField("slowest[].file", "one of the five files that took longest to read and parse"),
    JSONField("slowest[].milliseconds", "how long that took"),
  ]

  func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("files", files.count)
    json.member("bytes", totalBytes)
    json.member("flags", flags)
    json.member("archived", archived)
    json.member("segments", segments)
    json.member("tests", tests)
    for group in groups {
      json.key(group.name)
      json.beginObject()
      for (word, count) in group.counts { json.member(word, count) }
      json.endObject()
    }
    json.key("environments")
    json.beginArray()
    for environment in environments {
      json.beginObject()
      json.member("environment", environment.name)
      json.member("configs", environment.configs)
      json.member("enabled", environment.enabled)
      json.member("rules", environment.rules)
      json.member("snapshotBytes", environment.snapshotBytes)
      json.endObject()
    }
    json.endArray()
    write("largest", largest, to: &json) { $0.member("bytes", $1.bytes) }
    write("slowest", slowest, to: &json) { $0.member("milliseconds", $1.milliseconds) }
    json.endObject()
    return json.bytes + [0x0A]
  }

  private func write(
    _ name: String, _ files: ArraySlice<File>, to json: inout CanonicalJSON,
    _ value: (inout CanonicalJSON, File) -> Void
  ) {
    json.key(name)
    json.beginArray()
    for file in files {
      json.beginObject()
      json.member("file", file.path)
      value(&json, file)
      json.endObject()
    }
    json.endArray()
  }
}

extension Statistics.File {
  /// To the microsecond.
  fileprivate var milliseconds: JSONValue { .number((seconds * 1_000_000).rounded() / 1000) }
}
