internal import Ensign
internal import FlagHistory
internal import FlagPublisher
internal import Git

/// The result of a command that edits, as it is shown.
struct EditSheet {
  let result: EditResult
  let options: EditOptions
  /// What was published after it; nil when nothing was to be.
  var published: [PublishedManifest]?

  /// Writes the result to the session's output, and what else there is to say to its messages.
  func write(in session: Session) {
    if session.format == .json {
      session.console.output.write(document())
      return
    }
    session.console.output.write(text(session.style))
    for note in result.plan.notes where result.isChange { session.summary("ensign: \(note.printable)") }
  }

  // MARK: Text

  private func text(_ style: Style) -> String {
    edited(style) + (published ?? []).map { PublicationSheet.line(for: $0) + "\n" }.joined()
  }

  private func edited(_ style: Style) -> String {
    guard result.isChange else { return result.plan.unchanged.printable + "\n" }
    var lines = ChangeList(changes: result.changes).lines(style, isLimited: true)
    if result.changes.isEmpty { lines.append("nothing means something else") }
    if options.isDryRun { return lines.joined(separator: "\n") + "\n\n" + difference }
    lines += result.files.map { "\($0.action) \(result.prefix)\($0.path)".printable }
    if let commit = result.commit {
      lines.append(
        "committed \(commit.id.description.prefix(12)) on \(commit.shortBranch): \(result.plan.headline)".printable)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// All files in the form of `git diff`.
  private var difference: String {
    result.files.map { file in
      let path = result.prefix + file.path
      let (old, new) = (file.before == nil ? "/dev/null" : "a/" + path, file.after == nil ? "/dev/null" : "b/" + path)
      return "--- \(old)\n+++ \(new)\n" + TextDifference(file.before, file.after).text
    }.joined()
  }

  // MARK: JSON

  static let fields =
    [
      JSONField("changed", "whether anything changed, or would with --dry-run"),
      JSONField("dryRun", "whether nothing was written because of --dry-run"),
      JSONField("flag", "the flag's key; absent for a segment"),
      JSONField("segment", "the segment's key; absent for a flag"),
      JSONField("environment", "the environment; absent for a change of all of them"),
      JSONField("summary", "the change in one line, the subject of the commit"),
      JSONField("notes[]", "what else is worth knowing about the change"),
    ] + ChangeList.fields("changes[].") + [
      JSONField("files[].file", "a file that changed, relative to the repository's top"),
      JSONField("files[].action", "changed, created or removed"),
      JSONField("files[].difference", "the difference in the form of diff -u, without the lines that name the file"),
      JSONField("commit.id", "the commit, in full; absent when none was made"),
      JSONField("commit.branch", "the full name of its branch"),
    ]

  /// The members that `kill` adds.
  static let publishedFields = PublicationSheet.fields.map { field in
    JSONField("published" + field.path.dropFirst("environments".count), field.meaning)
  }

  private func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("changed", result.isChange)
    json.member("dryRun", options.isDryRun)
    switch result.plan.subject {
    case .flag(let key): json.member("flag", key)
    case .segment(let key): json.member("segment", key)
    case .project: break
    }
    json.memberIfAny("environment", result.plan.environment)
    json.member("summary", result.isChange ? result.plan.headline : result.plan.unchanged)
    json.member("notes", result.isChange ? result.plan.notes : [])
    json.key("changes")
    ChangeList(changes: result.changes).write(to: &json)
    json.key("files")
    json.beginArray()
    for file in result.files {
      json.beginObject()
      json.member("file", result.prefix + file.path)
      json.member("action", file.action)
      json.member("difference", TextDifference(file.before, file.after).text)
      json.endObject()
    }
    json.endArray()
    if let commit = result.commit {
      json.key("commit")
      json.beginObject()
      json.member("id", commit.id.description)
      json.member("branch", commit.branch)
      json.endObject()
    }
    if let published {
      json.key("published")
      PublicationSheet.write(published, to: &json)
    }
    json.endObject()
    return json.bytes + [0x0A]
  }
}

extension EditedFile {
  /// What happened to the file, in a word.
  fileprivate var action: String { before == nil ? "created" : after == nil ? "removed" : "changed" }
}
