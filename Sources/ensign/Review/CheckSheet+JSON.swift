internal import Ensign
internal import FlagCompiler
internal import FlagHistory
internal import FlagImpact
internal import FlagReview
internal import FlagSource
internal import Git

extension CheckSheet {
  static let fields =
    ReportFields.all + [
      JSONField("tests.passed", "how many flag tests passed; absent when the tree has errors"),
      JSONField("tests.failed", "how many failed"),
      JSONField("known", "how many findings of the baseline were left out"),
      JSONField("notes[]", "what stands in the way of a whole review"),
      JSONField("base.commit", "the commit that the change is compared with; absent without --base"),
      JSONField("head.commit", "the commit that is reviewed, or that the working tree is based on"),
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
    ] + ChangeList.fieldsOfChange("segments[].") + [
      JSONField("conflicts[].branch", "another local branch, with --conflicts"),
      JSONField("conflicts[].flags[]", "the flags that it changes, too"),
    ]

  /// The review as one JSON document.
  func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.members(of: review.report)
    if let tests = review.tests {
      json.key("tests")
      json.beginObject()
      json.member("passed", tests.passedCount)
      json.member("failed", tests.failedCount)
      json.endObject()
    }
    json.member("known", review.knownCount)
    if !review.notes.isEmpty { json.member("notes", review.notes) }
    for (name, id) in [("base", review.baseCommit), ("head", review.headCommit)] {
      guard let id else { continue }
      json.key(name)
      json.beginObject()
      json.member("commit", id.description)
      json.endObject()
    }
    if let plan = review.plan { json.members(of: plan) }
    if let conflicts = review.conflicts {
      json.key("conflicts")
      json.beginArray()
      for conflict in conflicts {
        json.beginObject()
        json.member("branch", conflict.branch)
        json.member("flags", conflict.flags)
        json.endObject()
      }
      json.endArray()
    }
    json.endObject()
    return json.bytes + [0x0A]
  }
}

extension CanonicalJSON {
  /// Writes the members of a plan.
  fileprivate mutating func members(of plan: ReviewPlan) {
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
