internal import Ensign
internal import FlagSource

/// What a flag does in an environment, as the JSON of `show` has it: the words of the YAML, with the shorthands of
/// conditions written out.
extension CanonicalJSON {
  /// Writes the members of a config.
  mutating func members(of config: EnvironmentConfig) {
    key("enabled")
    append(config.enabled.value)
    if !config.requires.isEmpty {
      key("requires")
      beginArray()
      for requirement in config.requires {
        beginObject()
        member("flag", requirement.flag.value)
        member("variants", requirement.variants.map(\.value))
        endObject()
      }
      endArray()
    }
    if !config.targets.isEmpty {
      key("targets")
      beginArray()
      for target in config.targets {
        beginObject()
        member("variant", target.variant.value)
        member("keys", target.keys.map(\.value))
        endObject()
      }
      endArray()
    }
    if !config.rules.isEmpty {
      key("rules")
      beginArray()
      for rule in config.rules { append(rule) }
      endArray()
    }
    key("otherwise")
    append(config.otherwise.value)
  }

  mutating func append(_ enabled: EnvironmentConfig.Enabled) {
    switch enabled {
    case .always: append(true)
    case .never: append(false)
    case .between(let from, let until):
      beginObject()
      memberIfAny("from", from?.value.description)
      memberIfAny("until", until?.value.description)
      endObject()
    }
  }

  private mutating func append(_ rule: EnvironmentConfig.Rule) {
    beginObject()
    member("name", rule.name.value)
    if let when = rule.when {
      key("when")
      append(when.value)
    }
    if let share = rule.share {
      key("share")
      beginObject()
      member("percent", share.percentage.value)
      members(of: share.hashing)
      endObject()
    }
    key("serve")
    append(rule.serve.value)
    endObject()
  }

  private mutating func append(_ condition: Condition) {
    beginObject()
    switch condition {
    case .all(let conditions): member("all", conditions)
    case .any(let conditions): member("any", conditions)
    case .not(let condition):
      key("not")
      append(condition.value)
    case .segment(let keys): member("segment", keys.map(\.value))
    case .attribute(let test):
      member("attribute", test.attribute.value)
      key("tests")
      beginArray()
      for part in test.tests {
        beginObject()
        member("op", part.operation.value.rawValue)
        if !part.operands.isEmpty { member("values", JSONValue.array(part.operands.map(\.value.json))) }
        endObject()
      }
      endArray()
      if test.ignoreCase?.value == true { member("ignoreCase", true) }
    }
    endObject()
  }

  private mutating func member(_ name: String, _ conditions: [Located<Condition>]) {
    key(name)
    beginArray()
    for condition in conditions { append(condition.value) }
    endArray()
  }

  private mutating func append(_ serve: EnvironmentConfig.Serve) {
    beginObject()
    switch serve {
    case .variant(let name): member("variant", name)
    case .split(let weights, let hashing):
      key("split")
      beginArray()
      for weight in weights {
        beginObject()
        member("variant", weight.variant.value)
        member("percent", weight.percentage.value)
        endObject()
      }
      endArray()
      members(of: hashing)
    case .ranges(let allocations, let hashing):
      key("ranges")
      beginArray()
      for allocation in allocations {
        for interval in allocation.intervals {
          beginObject()
          member("variant", allocation.variant.value)
          member("from", interval.from)
          member("to", interval.to)
          endObject()
        }
      }
      endArray()
      members(of: hashing)
    case .ramp(let ramp, let hashing): members(of: ramp, hashing)
    }
    endObject()
  }

  private mutating func members(of ramp: EnvironmentConfig.Ramp, _ hashing: EnvironmentConfig.Hashing) {
    member("ramp", ramp.variant.value)
    member("from", ramp.from.value)
    member("shape", ramp.shape.rawValue)
    key("steps")
    beginArray()
    for step in ramp.steps {
      beginObject()
      member("at", step.at.value.description)
      member("percent", step.percentage.value)
      endObject()
    }
    endArray()
    members(of: hashing)
  }

  private mutating func members(of hashing: EnvironmentConfig.Hashing) {
    memberIfAny("by", hashing.by?.value)
    memberIfAny("seed", hashing.seed?.value)
  }

  /// Percent, exact to the three decimals that there are.
  private mutating func member(_ name: String, _ percentage: Percentage) {
    member(name, JSONValue.number(Double(percentage.buckets) / 1000))
  }
}
