internal import Ensign
internal import FlagSource

/// `ensign rules [CODE]`.
struct RulesCommand: CommandBody {
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let output = session.console.output
    guard let name = operands.first else {
      switch session.format {
      case .json: output.write(document(of: RuleRegistry.all))
      default: output.write(table(session.style))
      }
      return .done
    }
    guard let rule = RuleRegistry.rule(name) ?? RuleRegistry.rule(name.uppercased()) else {
      throw .unknown("rule", name, among: RuleRegistry.all.flatMap { [$0.code.description, $0.name] })
    }
    switch session.format {
    case .json: output.write(document(of: [rule]))
    default: output.write(manual(of: rule, session.style))
    }
    return .done
  }

  private func table(_ style: Style) -> String {
    var table = Table(["CODE", "LEVEL", "NAME", "SUMMARY"])
    for rule in RuleRegistry.all {
      table.add([rule.code.description, rule.level.rawValue, rule.name, rule.summary])
    }
    return table.rendered(style)
  }

  private func manual(of rule: Rule, _ style: Style) -> String {
    var text = style.bold("\(rule.code) \(rule.name)") + " (\(rule.level.rawValue))\n\n"
    for paragraph in [rule.summary, rule.explanation] {
      text += Help.wrap(paragraph, width: Help.width).joined(separator: "\n") + "\n\n"
    }
    text += style.bold("Wrong") + "\n\n" + example(rule.badExample) + style.bold("Right") + "\n\n"
    text += example(rule.goodExample)
    text.removeLast()
    return text
  }

  private func example(_ example: Rule.Example) -> String {
    var text =
      example.before.isEmpty ? "" : "  Before the change:\n\n" + files(example.before[...]) + "  The change:\n\n"
    text += files(example.shown)
    if example.hiddenCount > 0 { text += "  (and \(Plural.of(example.hiddenCount, "more file")) like these)\n\n" }
    if let commit = example.commit {
      text += "  # the commit's message\(commit.isSigned ? ", with a good signature" : "")\n"
      for line in commit.message.split(separator: "\n", omittingEmptySubsequences: false) {
        text += line.isEmpty ? "\n" : "  \(line.printable)\n"
      }
    }
    return text
  }

  private func files(_ files: ArraySlice<(path: String, text: String)>) -> String {
    var text = ""
    for (path, content) in files {
      if content.isEmpty {
        text += "  (without \(path))\n\n"
        continue
      }
      text += "  # \(path)\n"
      var lines = content.split(separator: "\n", omittingEmptySubsequences: false)
      if lines.last?.isEmpty == true { lines.removeLast() }
      for line in lines { text += line.isEmpty ? "\n" : "  \(line.printable)\n" }
      text += "\n"
    }
    return text
  }

  private func document(of rules: [Rule]) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    json.key("rules")
    json.beginArray()
    for rule in rules {
      json.beginObject()
      json.member("code", rule.code.description)
      json.member("name", rule.name)
      json.member("level", rule.level.rawValue)
      json.member("stage", rule.stage.rawValue)
      json.member("summary", rule.summary)
      json.member("explanation", rule.explanation)
      for (name, example) in [("wrong", rule.badExample), ("right", rule.goodExample)] {
        json.key(name)
        json.beginArray()
        for (files, isBase) in [(example.before, true), (example.files, false)] {
          for file in files {
            json.beginObject()
            json.member("path", file.path)
            json.member("text", file.text)
            json.member("isBase", isBase)
            json.endObject()
          }
        }
        if let commit = example.commit {
          json.beginObject()
          json.member("commitMessage", commit.message)
          json.member("isSigned", commit.isSigned)
          json.endObject()
        }
        json.endArray()
      }
      json.endObject()
    }
    json.endArray()
    json.endObject()
    return json.bytes + [0x0A]
  }
}

extension Command {
  static let rules = Command(
    "rules", RulesCommand(), group: .author, summary: "Explain the checks that validate and check make.",
    operands: [
      CommandOperand(
        "CODE", .optional, completion: .rules, help: "a rule's code or name; without it, the list of all rules")
    ],
    formats: [.text, .json],
    json: [
      JSONField("rules[].code", "the rule's code, which never changes"),
      JSONField("rules[].name", "its name, which suppressions may use too"),
      JSONField("rules[].level", "error, warning or information"),
      JSONField("rules[].stage", "what notices it: validation, test, analysis or review; check has all of them"),
      JSONField("rules[].summary", "what it finds, in one sentence"),
      JSONField("rules[].explanation", "why it matters and how to put it right"),
      JSONField("rules[].wrong[].path", "a file of an example that triggers the rule"),
      JSONField("rules[].wrong[].text", "its text; empty when the example is that the file is missing"),
      JSONField("rules[].wrong[].isBase", "whether it is of the base of the change that the others are"),
      JSONField("rules[].wrong[].commitMessage", "instead of a file: the message of the change's commit"),
      JSONField("rules[].wrong[].isSigned", "whether that commit has a good signature"),
      JSONField("rules[].right[].path", "a file of the example, put right"),
      JSONField("rules[].right[].text", "its text"),
      JSONField("rules[].right[].isBase", "as above"),
      JSONField("rules[].right[].commitMessage", "as above"),
      JSONField("rules[].right[].isSigned", "as above"),
    ],
    examples: [("rules", "every rule"), ("rules E021", "the manual of one, with an example")])
}
