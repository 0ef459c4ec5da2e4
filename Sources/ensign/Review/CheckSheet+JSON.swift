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
    ] + PlanJSON.fields + [
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
