internal import Ensign
internal import FlagSource

/// The results of `list`.
enum FlagList {
  /// A table with a column for each environment.
  static func table(
    of flags: [Definition], in tree: FlagsTree, environments: [String], now: Timestamp, _ style: Style
  ) -> String {
    var table = Table(["FLAG", "TYPE", "KIND", "OWNER", "EXPIRES", "TAGS"] + environments.map { $0.uppercased() })
    for flag in flags {
      let states = environments.map { environment in
        tree.config(of: flag.key, in: environment).map { state(of: $0, now: now) } ?? "-"
      }
      table.add(
        [
          flag.key, flag.type.value.rawValue, flag.kind?.value.rawValue ?? "-", flag.owner?.value ?? "-",
          flag.expires?.value.text ?? "-", flag.tags.isEmpty ? "-" : flag.tags.map(\.value).joined(separator: ","),
        ] + states)
    }
    return table.rendered(style)
  }

  /// What the config comes to, in a word or two.
  private static func state(of config: EnvironmentConfig, now: Timestamp) -> String {
    guard config.enabled.value.isOn(at: now) else { return "disabled" }
    if config.requires.isEmpty, config.targets.isEmpty, config.rules.isEmpty,
      case .variant(let name) = config.otherwise.value
    {
      return "all \(name)"
    }
    return config.rules.isEmpty ? "enabled" : Plural.of(config.rules.count, "rule")
  }

  static let fields = [
    JSONField("flags[].flag", "the flag's key"),
    JSONField("flags[].description", "what it is for; absent without one"),
    JSONField("flags[].type", "boolean, string, integer, number or object"),
    JSONField("flags[].kind", "release, experiment, operational or permission; absent when it is not said"),
    JSONField("flags[].owner", "who answers for it; absent when it is not said"),
    JSONField("flags[].tags[]", "its tags, in the order of the file"),
    JSONField("flags[].expires", "the day on which it should be gone; absent without one"),
    JSONField("flags[].archived", "whether it is compiled nowhere"),
    JSONField("flags[].file", "its definition, relative to the repository's top"),
    JSONField("flags[].environments[].environment", "an environment that has a config for the flag"),
    JSONField("flags[].environments[].file", "that config"),
    JSONField("flags[].environments[].enabled", "true, false, or the times between which it is enabled"),
    JSONField("flags[].environments[].enabled.from", "enabled from this instant on"),
    JSONField("flags[].environments[].enabled.until", "enabled before this instant"),
    JSONField("flags[].environments[].rules", "how many rules there are"),
  ]

  static func document(of flags: [Definition], in loaded: LoadedTree) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.key("flags")
    json.beginArray()
    for flag in flags {
      json.beginObject()
      json.members(of: flag, in: loaded)
      json.key("environments")
      json.beginArray()
      for environment in loaded.tree.manifest.environments.map(\.value) {
        guard let config = loaded.tree.config(of: flag.key, in: environment) else { continue }
        json.beginObject()
        json.member("environment", environment)
        json.member("file", loaded.shownPath(of: config.file))
        json.key("enabled")
        json.append(config.enabled.value)
        json.member("rules", config.rules.count)
        json.endObject()
      }
      json.endArray()
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes + [0x0A]
  }
}

extension CanonicalJSON {
  /// Writes what a definition says, but for the variants.
  mutating func members(of flag: Definition, in loaded: LoadedTree) {
    member("flag", flag.key)
    memberIfAny("description", flag.description)
    member("type", flag.type.value.rawValue)
    memberIfAny("kind", flag.kind?.value.rawValue)
    memberIfAny("owner", flag.owner?.value)
    member("tags", flag.tags.map(\.value))
    memberIfAny("expires", flag.expires?.value.text)
    member("archived", flag.isArchived)
    member("file", loaded.shownPath(of: flag.file))
  }
}
