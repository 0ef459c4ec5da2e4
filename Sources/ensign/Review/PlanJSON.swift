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
    key("risk")
    beginObject()
    member("level", plan.risk.level.rawValue)
    endObject()
    key("environments")
    beginArray()
    for environment in plan.environments { append(environment) }
    endArray()
    key("segments")
    beginArray()
    for change in plan.segments {
      guard case .segment(let segment) = change.subject else { continue }
      beginObject()
      member("segment", segment)
      ChangeList(changes: []).write(change, to: &self)
      endObject()
    }
    endArray()
  }

  private mutating func append(_ environment: EnvironmentPlan) {
    beginObject()
    member("environment", environment.environment)
    member("verdict", environment.impact.verdict.rawValue)
    member("protected", environment.isProtected)
    memberIfAny("autoApproval", environment.autoApproval)
    member("untouched", environment.impact.untouched)
    key("flags")
    beginArray()
    for flag in environment.flags { append(flag) }
    endArray()
    for (name, member, fanOut) in [
      ("segments", "segment", environment.impact.segments), ("prerequisites", "flag", environment.impact.prerequisites),
    ] {
      key(name)
      beginArray()
      for part in fanOut {
        beginObject()
        self.member(member, part.key)
        self.member("flags", part.flags)
        endObject()
      }
      endArray()
    }
    endObject()
  }

  private mutating func append(_ flag: FlagPlan) {
    beginObject()
    member("flag", flag.impact.key)
    key("changes")
    beginArray()
    for change in flag.changes {
      beginObject()
      ChangeList(changes: []).write(change, to: &self)
      endObject()
    }
    endArray()
    member("impact", flag)
    key("risk")
    beginObject()
    member("level", flag.risk.level.rawValue)
    member("reasons", flag.risk.reasons)
    endObject()
    if let population = flag.population {
      key("population")
      beginObject()
      member("total", population.total)
      key("moves")
      beginArray()
      for transition in population.transitions {
        beginObject()
        memberIfAny("from", transition.before)
        memberIfAny("to", transition.after)
        member("count", transition.count)
        endObject()
      }
      endArray()
      endObject()
    }
    endObject()
  }
}
