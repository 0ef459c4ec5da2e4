internal import Ensign
internal import FlagHistory
internal import Git

/// The results of `bisect`.
struct BisectSheet {
  let flag: String
  let environment: String
  /// The moment of evaluation.
  let moment: Timestamp
  let found: FlagBisect
  /// The commit with what it changed in the environment; nil when the answer has never been another one.
  let entry: CommitChanges?
  /// The two ends as they were written, if they were.
  let ends: (String, String)?

  // MARK: Text

  func text(_ style: Style, isVerbose: Bool) -> String {
    guard let entry, let earlier = found.earlier else {
      var table = Table(["", "VARIANT", "REASON", "BY"])
      table.add(["now"] + found.answer.cells)
      return table.rendered(style) + "\n" + unchanged + "\n"
    }
    var table = Table(["", "VARIANT", "REASON", "BY"])
    table.add(["before"] + earlier.cells)
    table.add(["now"] + found.answer.cells)
    var text = table.rendered(style) + "\n"
    if let changes = found.changes, changes > 1 {
      text +=
        "The last of \(changes) changes of the answer between \(ends?.0 ?? "") and \(ends?.1 ?? ""); timeline tells all.\n\n"
    }
    return text + CommitSheet(entry: entry).text(style, isVerbose: isVerbose)
  }

  private var unchanged: String {
    if let ends { return "The answer has not changed between \(ends.0) and \(ends.1)." }
    let commit = String(found.commit.id.description.prefix(10))
    return found.isCutOff
      ? "The answer has not changed since \(commit), where the history is cut off (a shallow clone)."
      : "The answer has not changed since the first commit, \(commit)."
  }

  // MARK: JSON

  static let fields =
    [
      JSONField("flag", "the flag's key"),
      JSONField("environment", "the environment"),
      JSONField("now", "the moment of evaluation"),
      JSONField("isChanged", "whether the answer has ever been another one, after A where A..B is given"),
      JSONField("isCutOff", "whether a shallow clone cuts the history off before a change was found"),
      JSONField("changes", "how often the answer changed after A; absent without A..B"),
    ] + FlagTimeline.Answer.fields("after.") + FlagTimeline.Answer.fields("before.")
    + CommitSheet.fields("commit.")

  func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("flag", flag)
    json.member("environment", environment)
    json.member("now", moment.description)
    json.member("isChanged", found.earlier != nil)
    json.member("isCutOff", found.isCutOff)
    if let changes = found.changes { json.member("changes", changes) }
    json.key("after")
    json.beginObject()
    found.answer.writeMembers(to: &json)
    json.endObject()
    if let earlier = found.earlier {
      json.key("before")
      json.beginObject()
      earlier.writeMembers(to: &json)
      json.endObject()
    }
    if let entry {
      json.key("commit")
      CommitSheet(entry: entry).write(to: &json)
    }
    json.endObject()
    return json.bytes + [0x0A]
  }
}
