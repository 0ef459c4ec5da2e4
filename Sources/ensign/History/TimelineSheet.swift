internal import Ensign
internal import FlagHistory
internal import Git

/// The results of `timeline`.
struct TimelineSheet {
  let flag: String
  let environment: String
  /// The moment of evaluation.
  let moment: Timestamp
  /// Newest first.
  let entries: [FlagTimeline.Entry]

  // MARK: Text

  func text(_ style: Style) -> String {
    var table = Table(["SINCE", "COMMIT", "AUTHOR", "VARIANT", "REASON", "BY", "SUBJECT"])
    for entry in entries {
      let commit = entry.commit
      table.add(
        [
          (entry.isCutOff ? "≤ " : "") + commit.committer.time, String(commit.id.description.prefix(10)),
          commit.author.name,
        ] + entry.answer.cells + [commit.subject])
    }
    return table.rendered(style)
  }

  // MARK: JSON

  static let fields =
    [
      JSONField("flag", "the flag's key"),
      JSONField("environment", "the environment"),
      JSONField("now", "the moment of evaluation"),
      JSONField("answers[].commit", "the commit from which on the answer was given, in full; newest first"),
      JSONField("answers[].time", "when it was committed, by the committer's clock and zone"),
      JSONField("answers[].author", "who wrote it: name, email, time"),
      JSONField("answers[].subject", "the first paragraph of its message, in one line"),
    ] + FlagTimeline.Answer.fields("answers[].") + [
      JSONField("answers[].isCutOff", "whether a shallow clone cuts the history off there, so that it may be older")
    ]

  func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("flag", flag)
    json.member("environment", environment)
    json.member("now", moment.description)
    json.key("answers")
    json.beginArray()
    for entry in entries { write(entry, to: &json) }
    json.endArray()
    json.endObject()
    return json.bytes + [0x0A]
  }

  private func write(_ entry: FlagTimeline.Entry, to json: inout CanonicalJSON) {
    json.beginObject()
    json.member("commit", entry.commit.id.description)
    json.member("time", entry.commit.committer.time)
    json.key("author")
    entry.commit.author.write(to: &json)
    json.member("subject", entry.commit.subject)
    entry.answer.writeMembers(to: &json)
    json.member("isCutOff", entry.isCutOff)
    json.endObject()
  }
}

extension FlagTimeline.Answer {
  /// The variant, the reason and what decides, for a table.
  var cells: [String] {
    switch self {
    case .absent: ["-", "no such flag", "-"]
    case .unreadable: ["-", "cannot be read", "-"]
    case .evaluation(let evaluation):
      [evaluation.variant ?? "-", evaluation.reason.rawValue, evaluation.decidedBy?.name ?? "-"]
    }
  }

  /// The members of an answer, below `path`.
  static func fields(_ path: String) -> [JSONField] {
    [
      JSONField(path + "value", "the value served; absent when there was none"),
      JSONField(path + "variant", "the variant served"),
      JSONField(path + "reason", "the reason, as in eval"),
      JSONField(path + "decidedBy", "the rule's name, or targets, otherwise, disabled or requires"),
      JSONField(path + "bucket", "where the hash fell; absent where none was taken"),
      JSONField(path + "error", "why there was no value: no such flag, or a mistake in a file"),
    ]
  }

  func writeMembers(to json: inout CanonicalJSON) {
    switch self {
    case .absent: json.member("error", "there is no such flag")
    case .unreadable(let problem): json.member("error", problem)
    case .evaluation(let evaluation):
      if let value = evaluation.value { json.member("value", value) }
      json.memberIfAny("variant", evaluation.variant)
      json.member("reason", evaluation.reason.rawValue)
      json.memberIfAny("decidedBy", evaluation.decidedBy?.name)
      if let bucket = evaluation.bucket { json.member("bucket", bucket) }
    }
  }
}
