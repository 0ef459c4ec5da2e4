internal import Ensign
internal import FlagHistory
internal import FlagImpact
internal import FlagReview

/// The members in which `check` and `diff --impact` tell a plan.
enum PlanJSON {
  static let fields =
    [
      JSONField("risk.level", "low, medium or high; absent when there is nothing to compare"),
      JSONField("environments[].environment", "an environment that both sides have"),
      JSONField("environments[].verdict", "equivalent, growsOnly, shrinksOnly, mixed, or undecided"),
      JSONField("environments[].protected", "whether it has a policy, or is the last one"),
      JSONField("environments[].autoApproval", "the verdict with which no approvals are needed; absent when they are"),
      JSONField("environments[].untouched", "how many flags are the same in every byte"),
      JSONField("environments[].flags[].flag", "a flag that is changed or reached there, sorted by key"),
    ] + ChangeList.fieldsOfChange("environments[].flags[].changes[].")
    + ImpactJSON.fields("environments[].flags[].impact.") + [
      JSONField("environments[].flags[].risk.level", "low, medium or high"),
      JSONField("environments[].flags[].risk.reasons[]", "why, the weightiest first"),
      JSONField("environments[].flags[].population.total", "how many contexts --population has"),
      JSONField("environments[].flags[].population.moves[].from", "the variant before; absent without the flag"),
      JSONField("environments[].flags[].population.moves[].to", "the variant afterwards; absent without the flag"),
      JSONField("environments[].flags[].population.moves[].count", "how many contexts move so"),
      JSONField("environments[].segments[].segment", "a changed segment"),
      JSONField("environments[].segments[].flags[]", "the flags that use it, directly or through others"),
      JSONField("environments[].prerequisites[].flag", "a changed flag that others require"),
      JSONField("environments[].prerequisites[].flags[]", "the flags that require it, directly or through others"),
      JSONField("segments[].segment", "a changed segment that flags use; it concerns every environment"),
    ] + ChangeList.fieldsOfChange("segments[].")
}

extension CanonicalJSON {
  /// Writes the members of a plan.
  mutating func members(of plan: ReviewPlan) {
    object("risk") { $0.member("level", plan.risk.level.rawValue) }
    array("environments", plan.environments) { $0.append($1) }
    let segments = plan.segments.compactMap { change in
      if case .segment(let key) = change.subject { (key: key, change: change) } else { nil }
    }
    array("segments", segments) { json, segment in
      json.object { json in
        json.member("segment", segment.key)
        json.members(of: segment.change)
      }
    }
  }

  private mutating func append(_ environment: EnvironmentPlan) {
    object { json in
      json.member("environment", environment.environment)
      json.member("verdict", environment.impact.verdict.rawValue)
      json.member("protected", environment.isProtected)
      json.memberIfAny("autoApproval", environment.autoApproval)
      json.member("untouched", environment.impact.untouched)
      json.array("flags", environment.flags) { $0.append($1) }
      json.member("segments", environment.impact.segments, as: "segment")
      json.member("prerequisites", environment.impact.prerequisites, as: "flag")
    }
  }

  private mutating func member(_ name: String, _ parts: [EnvironmentImpact.FanOut], as part: String) {
    array(name, parts) { json, reached in
      json.object { json in
        json.member(part, reached.key)
        json.member("flags", reached.flags)
      }
    }
  }

  private mutating func append(_ flag: FlagPlan) {
    object { json in
      json.member("flag", flag.impact.key)
      json.array("changes", flag.changes) { json, change in json.object { $0.members(of: change) } }
      json.member("impact", flag)
      json.object("risk") { json in
        json.member("level", flag.risk.level.rawValue)
        json.member("reasons", flag.risk.reasons)
      }
      if let population = flag.population { json.member("population", population) }
    }
  }

  private mutating func member(_ name: String, _ population: PopulationCount) {
    object(name) { json in
      json.member("total", population.total)
      json.array("moves", population.transitions) { json, transition in
        json.object { json in
          json.memberIfAny("from", transition.before)
          json.memberIfAny("to", transition.after)
          json.member("count", transition.count)
        }
      }
    }
  }
}
