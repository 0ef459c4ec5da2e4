internal import Ensign
internal import FlagHistory
internal import Git

/// A commit with what it changed, as `log` and `show` tell it.
struct CommitSheet {
  let entry: CommitChanges

  private var commit: Commit { entry.commit }
  private var list: ChangeList { ChangeList(changes: entry.changes) }

  // MARK: Text

  func text(_ style: Style, isVerbose: Bool) -> String {
    var text = style.yellow("commit \(commit.id)") + (commit.parents.count > 1 ? " (a merge)" : "") + "\n"
    text += Self.field("author", commit.author.words)
    if !commit.committer.isSamePerson(as: commit.author) { text += Self.field("committer", commit.committer.words) }
    text += Self.field("date", commit.committer.time)
    text += SignatureSheet(signature: entry.signature).text(style, isVerbose: isVerbose)
    text += "\n"
    for line in isVerbose ? commit.message.lines : [Substring(commit.subject)] { text += "    \(line.printable)\n" }
    if !isVerbose, !commit.trailers.isEmpty {
      text += "\n"
      for trailer in commit.trailers { text += "    \("\(trailer.key): \(trailer.value)".printable)\n" }
    }
    text += "\n"
    for line in list.lines(style, isLimited: !isVerbose) { text += "  \(line)\n" }
    if entry.changes.isEmpty {
      text +=
        entry.isCutOff
        ? "  what it changed is not known: the history is cut off here (a shallow clone)\n"
        : "  no change of what flags mean\n"
    }
    return text
  }

  static func field(_ name: String, _ value: String) -> String {
    name + String(repeating: " ", count: 10 - name.count) + value.printable + "\n"
  }

  // MARK: JSON

  /// The members of a commit, below `path`.
  static func fields(_ path: String) -> [JSONField] {
    var fields = [JSONField(path + "commit", "the commit's id, in full")]
    fields.append(JSONField(path + "parents[]", "the ids of the commits before it"))
    for (name, meaning) in [("author", "who wrote it"), ("committer", "who put it into the repository")] {
      fields.append(JSONField(path + name + ".name", meaning))
      fields.append(JSONField(path + name + ".email", "the email address"))
      fields.append(JSONField(path + name + ".time", "when, by that person's clock and zone"))
    }
    return fields + [
      JSONField(path + "subject", "the first paragraph of the message, in one line"),
      JSONField(path + "message", "the whole message"),
      JSONField(path + "trailers[].key", "the word before the colon of a line such as Reason: …, at the message's end"),
      JSONField(path + "trailers[].value", "what follows the colon"),
    ] + SignatureSheet.fields(path + "signature.") + ChangeList.fields(path + "changes[].")
  }

  func write(to json: inout CanonicalJSON) {
    json.beginObject()
    json.member("commit", commit.id.description)
    json.member("parents", commit.parents.map(\.description))
    for (name, person) in [("author", commit.author), ("committer", commit.committer)] {
      json.key(name)
      person.write(to: &json)
    }
    json.member("subject", commit.subject)
    json.member("message", commit.message)
    json.key("trailers")
    json.beginArray()
    for trailer in commit.trailers {
      json.beginObject()
      json.member("key", trailer.key)
      json.member("value", trailer.value)
      json.endObject()
    }
    json.endArray()
    json.key("signature")
    SignatureSheet(signature: entry.signature).write(to: &json)
    json.key("changes")
    list.write(to: &json)
    json.endObject()
  }
}

extension String {
  /// The lines, without the empty ones at the end.
  fileprivate var lines: [Substring] {
    var lines = split(separator: "\n", omittingEmptySubsequences: false)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }
}

extension Commit.Signature {
  /// `Ada <ada@example.com>`.
  var words: String { "\(name) <\(email)>" }

  /// RFC 3339, in the person's own zone.
  var time: String {
    let (minutes, magnitude) = (Int64(offsetMinutes), offsetMinutes.magnitude)
    let local = Timestamp(milliseconds: clamped(seconds, minutes)).description.dropLast()
    if minutes == 0 { return local + "Z" }
    func padded(_ number: UInt32) -> String { number < 10 ? "0\(number)" : String(number) }
    return "\(local)\(minutes < 0 ? "-" : "+")\(padded(magnitude / 60)):\(padded(magnitude % 60))"
  }

  /// Local milliseconds; what a `Timestamp` cannot hold is cut off there.
  private func clamped(_ seconds: Int64, _ minutes: Int64) -> Int64 {
    let limit: Int64 = 1 << 40
    return (min(max(seconds, -limit), limit) + minutes * 60) * 1000
  }

  /// Writes the name, the email address and the time as an object.
  func write(to json: inout CanonicalJSON) {
    json.beginObject()
    json.member("name", name)
    json.member("email", email)
    json.member("time", time)
    json.endObject()
  }

  func isSamePerson(as other: Commit.Signature) -> Bool { name == other.name && email == other.email }
}
