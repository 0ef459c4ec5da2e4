internal import Ensign
internal import FlagSource

/// The results of `show`.
enum FlagSheet {
  static func text(of flag: Definition, in loaded: LoadedTree, environments: [String], _ style: Style) -> String {
    var text = style.bold(flag.key) + (flag.isArchived ? style.red(" archived") : "") + "\n"
    if let description = flag.description { text += "  \(description.printable)\n" }
    text += field("type", flag.type.value.rawValue)
    for variant in flag.variants {
      text += field("variant", "\(variant.name.value) = \(variant.value.value.description)")
    }
    text += field("off", flag.off.value)
    if let kind = flag.kind { text += field("kind", kind.value.rawValue) }
    if let owner = flag.owner {
      let contact = loaded.tree.manifest.owners[owner.value]?.value.contact.map { " (\($0.printable))" } ?? ""
      text += field("owner", owner.value + contact)
    }
    if !flag.tags.isEmpty { text += field("tags", flag.tags.map(\.value).joined(separator: ", ")) }
    if let expires = flag.expires { text += field("expires", expires.value.text) }
    text += field("file", loaded.shownPath(of: flag.file))
    for environment in environments {
      text += "\n" + style.bold(environment)
      guard let config = loaded.tree.config(of: flag.key, in: environment) else {
        text += " disabled: there is no file for it\n"
        continue
      }
      text += " \(config.enabled.value.words)\n" + body(of: config)
      text += field("file", loaded.shownPath(of: config.file))
    }
    return text
  }

  private static func body(of config: EnvironmentConfig) -> String {
    var text = ""
    for requirement in config.requires {
      let variants = requirement.variants.map(\.value).joined(separator: " or ")
      text += field("requires", "\(requirement.flag.value) = \(variants)")
    }
    for target in config.targets {
      let keys = target.keys.prefix(10).map(\.value.printable).joined(separator: ", ")
      let more = target.keys.count > 10 ? " and \(Plural.grouped(target.keys.count - 10)) more" : ""
      text += field("target", "\(keys)\(more) → \(target.variant.value)")
    }
    for rule in config.rules {
      let when = rule.when.map { "when \(ConditionText.words($0.value))" } ?? "everyone"
      let share = rule.share.map { ", share \($0.percentage.value) %\(ServeText.words($0.hashing))" } ?? ""
      text += field("rule", "\(rule.name.value): \(when)\(share) → \(ServeText.words(rule.serve.value))")
    }
    return text + field("otherwise", ServeText.words(config.otherwise.value))
  }

  private static func field(_ name: String, _ value: String) -> String {
    "  " + name + String(repeating: " ", count: max(0, 10 - name.count)) + " " + value + "\n"
  }

  static let fields =
    FlagList.fields.compactMap { field in
      field.path.hasPrefix("flags[].environments") ? nil : JSONField(String(field.path.dropFirst(8)), field.meaning)
    } + [
      JSONField("variants.*", "the value of each variant"),
      JSONField("off", "the variant that is served while the flag is disabled"),
      JSONField("environments[].environment", "an environment, in the order of the manifest"),
      JSONField("environments[].file", "its config of the flag; absent without one: the flag is disabled there"),
      JSONField("environments[].enabled", "true, false, or the times between which it is enabled"),
      JSONField("environments[].enabled.from", "enabled from this instant on"),
      JSONField("environments[].enabled.until", "enabled before this instant"),
      JSONField("environments[].requires[].flag", "a prerequisite"),
      JSONField("environments[].requires[].variants[]", "a variant of it that is required; one of them must be served"),
      JSONField("environments[].targets[].variant", "what individual targeting keys get"),
      JSONField("environments[].targets[].keys[]", "one of those targeting keys"),
      JSONField("environments[].rules[].name", "a rule, in the order in which rules are asked"),
      JSONField("environments[].rules[].when", "its condition; absent: everyone"),
      JSONField("environments[].rules[].share", "the part that takes part: percent, by, seed; absent: all"),
      JSONField("environments[].rules[].serve", "what it serves: variant, split, ranges or ramp"),
      JSONField("environments[].otherwise", "what everyone else gets, in the same form"),
    ]

  static func document(of flag: Definition, in loaded: LoadedTree, environments: [String]) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.members(of: flag, in: loaded)
    json.key("variants")
    json.beginObject()
    for variant in flag.variants { json.member(variant.name.value, variant.value.value) }
    json.endObject()
    json.member("off", flag.off.value)
    json.key("environments")
    json.beginArray()
    for environment in environments {
      json.beginObject()
      json.member("environment", environment)
      if let config = loaded.tree.config(of: flag.key, in: environment) {
        json.member("file", loaded.shownPath(of: config.file))
        json.members(of: config)
      } else {
        json.member("enabled", false)
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes + [0x0A]
  }
}
