internal import Ensign
internal import FlagHistory
internal import Git

/// The results of `blame`.
struct BlameSheet {
  let flag: String
  let environment: String
  let lines: [FlagBlame.Line]

  // MARK: Text

  func text(_ style: Style) -> String {
    var table = Table(["COMMIT", "DATE", "AUTHOR", "SETTING", "VALUE"])
    for line in lines {
      table.add([
        (line.isCutOff ? "≤ " : "") + line.commit.id.description.prefix(10),
        String(line.commit.committer.time.prefix(10)), line.commit.author.name, line.path.text, line.text,
      ])
    }
    return table.rendered(style)
  }

  // MARK: JSON

  static let fields = [
    JSONField("flag", "the flag's key"),
    JSONField("environment", "the environment"),
    JSONField("fields[].path", "a setting, such as rules.eu-premium.serve"),
    JSONField(
      "fields[].value", "its value in the form of the snapshot; absent for a rule's when or share that is not there"),
    JSONField("fields[].text", "the value in words"),
    JSONField("fields[].file", "the file that says so"),
    JSONField("fields[].line", "the line of the setting in that file"),
    JSONField("fields[].commit", "the commit that set it, in full"),
    JSONField("fields[].author", "who wrote that commit: name, email, time"),
    JSONField("fields[].subject", "the first paragraph of its message, in one line"),
    JSONField("fields[].isCutOff", "whether a shallow clone cuts the history off there, so that it may be older"),
  ]

  func document() -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.member("flag", flag)
    json.member("environment", environment)
    json.key("fields")
    json.beginArray()
    for line in lines { write(line, to: &json) }
    json.endArray()
    json.endObject()
    return json.bytes + [0x0A]
  }

  private func write(_ line: FlagBlame.Line, to json: inout CanonicalJSON) {
    json.beginObject()
    json.member("path", line.path.text)
    if let value = line.value { json.member("value", value) }
    json.member("text", line.text)
    json.member("file", line.position.file)
    json.member("line", line.position.line)
    json.member("commit", line.commit.id.description)
    json.key("author")
    line.commit.author.write(to: &json)
    json.member("subject", line.commit.subject)
    json.member("isCutOff", line.isCutOff)
    json.endObject()
  }
}
