internal import Ensign
internal import FlagHistory
internal import FlagImpact
internal import FlagReview
internal import FlagSource
internal import Git

/// A plan for people: on a terminal, and as Markdown.
struct PlanSheet {
  let plan: ReviewPlan
  /// Other branches that change the same flags; nil when nobody asked.
  var conflicts: [BranchConflict]?

  /// How many flags a line about a segment's reach names.
  private static let namedFlags = 5

  /// What a plan says of one flag.
  private struct Block {
    let mark: String
    let flag: String
    /// What changed, a phrase each; at least one.
    let changes: [String]
    /// Who moves, a line each.
    let lines: [String]
    /// What needs a look, a line each.
    let warnings: [String]
  }

  // MARK: Text

  func text(_ style: Style) -> String {
    var text = ""
    for change in plan.segments { text += "segment \(change.subject.name): \(change.text)".printable + "\n" }
    for note in plan.notes { text += "note: \(note.printable)\n" }
    if !text.isEmpty { text += "\n" }
    // The environments that changes are promoted to last come first.
    for environment in plan.environments.reversed() where !environment.flags.isEmpty {
      text += style.bold(environment.environment.printable) + "\n"
      let width = min(environment.flags.map(\.impact.key.count).max() ?? 0, 24)
      for flag in environment.flags { text += Self.text(Self.block(flag), width: width, style) }
      for line in Self.reach(of: environment) { text += "  \(line.printable)\n" }
    }
    for conflict in conflicts ?? [] { text += style.yellow("⚠ \(conflict.words.printable)") + "\n" }
    text += "\(summary). Verdict: \(verdicts(separator: " · ", mark: { $0 }))\n"
    if plan.risk.level > .low { text += "\(risk(style))\n" }
    return text + "\n"
  }

  private static func text(_ block: Block, width: Int, _ style: Style) -> String {
    let gap = String(repeating: " ", count: max(2, width - block.flag.count + 2))
    var text = "  \(block.mark) \(style.bold(block.flag.printable))\(gap)\(block.changes[0].printable)\n"
    let indentation = String(repeating: " ", count: 4 + max(width, block.flag.count) + 2)
    for change in block.changes.dropFirst() { text += indentation + change.printable + "\n" }
    for line in block.lines { text += "      \(line.printable)\n" }
    for line in block.warnings { text += "      " + style.yellow("⚠ \(line.printable)") + "\n" }
    return text
  }

  private func risk(_ style: Style) -> String {
    let words = "Risk: \(riskWords)"
    return plan.risk.level == .high ? style.red(words) : style.yellow(words)
  }

  // MARK: JSON

  /// The plan as one JSON document, between two commits.
  func document(before: ObjectID, after: ObjectID) -> [UInt8] {
    var json = CanonicalJSON()
    json.beginObject()
    for (name, id) in [("before", before), ("after", after)] {
      json.key(name)
      json.beginObject()
      json.member("commit", id.description)
      json.endObject()
    }
    json.members(of: plan)
    json.endObject()
    return json.bytes + [0x0A]
  }

  // MARK: Words

  /// `2 flags change for some context, 1 does not`.
  var summary: String {
    let (changed, equivalent) = (plan.changedFlags.count, plan.equivalentFlags.count)
    var sentence: String
    switch (changed, equivalent) {
    case (0, 0): sentence = "No flag changes"
    case (0, _): sentence = "No flag changes for any context; \(Plural.of(equivalent, "flag")) proven equivalent"
    case (_, 0): sentence = "\(Plural.of(changed, "flag")) \(changed == 1 ? "changes" : "change") for some context"
    default:
      sentence = "\(Plural.of(changed, "flag")) \(changed == 1 ? "changes" : "change") for some context, "
      sentence += "\(equivalent) \(equivalent == 1 ? "does" : "do") not"
    }
    return sentence
  }

  /// The verdicts of the environments, the last one that changes are promoted to first.
  private func verdicts(separator: String, mark: (String) -> String) -> String {
    plan.environments.reversed().map { environment in
      let approval = environment.autoApproval.map { _ in " (needs no approvals)" } ?? ""
      return "\(mark(environment.environment)) \(environment.impact.verdict.words)\(approval)"
    }.joined(separator: separator)
  }

  /// `high: production, checkout-v2: all of a group of contexts move`.
  private var riskWords: String {
    for environment in plan.environments.reversed() {
      for flag in environment.flags where flag.risk.level == plan.risk.level && !flag.risk.reasons.isEmpty {
        let reasons = flag.risk.reasons.joined(separator: "; ")
        return "\(plan.risk.level.rawValue): \(environment.environment), \(flag.impact.key): \(reasons)"
      }
    }
    return plan.risk.level.rawValue
  }

  private static func block(_ flag: FlagPlan) -> Block {
    let impact = flag.impact
    var changes = flag.changes.map(\.text)
    if changes.isEmpty { changes = [reason(for: impact)] }
    var lines: [String] = []
    var warnings: [String] = []
    if impact.verdict == .equivalent {
      changes[0] += ", proven equivalent: no context gets another variant"
    }
    for movement in impact.movements {
      lines.append(ImpactWords.line(movement))
      if let warning = ImpactWords.warning(movement) { warnings.append(warning) }
    }
    if !impact.movements.isEmpty, impact.isComplete, impact.movements.allSatisfy({ !$0.region.tests.isEmpty }) {
      lines.append("everyone else: no change")
    }
    let now = impact.movements.map(ImpactWords.statement)
    for later in impact.later { lines += Self.lines(of: later, now: now) }
    if let population = flag.population, impact.verdict != .equivalent { lines.append(words(of: population)) }
    warnings += impact.excesses.map(ImpactWords.words)
    warnings += impact.limitations.map { "not settled: \($0)" }
    warnings += impact.disagreements.map { "a defect of ensign, please report it: \($0)" }
    return Block(mark: mark(impact), flag: impact.key, changes: changes, lines: lines, warnings: warnings)
  }

  private static func mark(_ impact: FlagImpact) -> String {
    if impact.verdict == .equivalent { return "=" }
    switch impact.change {
    case .added: return "+"
    case .removed: return "-"
    case .none, .edited, .retyped: return impact.verdict == .undecided ? "?" : "~"
    }
  }

  /// Why a flag is there that is written as before.
  private static func reason(for impact: FlagImpact) -> String {
    let segments = impact.changedSegments.map { "segment \($0)" }
    let flags = impact.changedPrerequisites.map { "flag \($0), which it requires" }
    let parts = segments + flags
    return parts.isEmpty ? "edited" : "reached by " + parts.joined(separator: ", ")
  }

  /// - Parameter now: what movements say at the moment of the analysis.
  private static func lines(of later: LaterImpact, now: [String]) -> [String] {
    let until = later.until.map { " until \($0)" } ?? ""
    let sampled = later.isSampled ? " (while it ramps; the numbers of one moment)" : ""
    if later.movements.isEmpty { return ["from \(later.from)\(until)\(sampled): no change"] }
    if later.movements.map(ImpactWords.statement) == now { return ["from \(later.from)\(until)\(sampled): as above"] }
    return later.movements.map { "from \(later.from)\(until)\(sampled): \(ImpactWords.line($0))" }
  }

  private static func words(of population: PopulationCount) -> String {
    let moved = population.transitions.reduce(0) { $0 + $1.count }
    var words = "of \(Plural.of(population.total, "context")) of the population \(Plural.grouped(moved)) move"
    if !population.transitions.isEmpty {
      let parts = population.transitions.map { transition in
        "\(Plural.grouped(transition.count)) \(transition.before ?? "nothing") → \(transition.after ?? "nothing")"
      }
      words += ": " + parts.joined(separator: ", ")
    }
    return words
  }

  /// Which flags changed segments and prerequisites reach.
  private static func reach(of environment: EnvironmentPlan) -> [String] {
    func words(_ what: String, _ fanOut: EnvironmentImpact.FanOut) -> String {
      var words = "\(what) \(fanOut.key) reaches \(Plural.of(fanOut.flags.count, "flag"))"
      if !fanOut.flags.isEmpty { words += ": " + fanOut.flags.prefix(namedFlags).joined(separator: ", ") }
      let rest = fanOut.flags.count - namedFlags
      return rest > 0 ? words + " … and \(Plural.grouped(rest)) more" : words
    }
    return environment.impact.segments.map { words("segment", $0) }
      + environment.impact.prerequisites.map { words("flag", $0) }
  }

  // MARK: Markdown

  /// The plan as lists, in at most so many bytes; what does not fit is counted.
  func markdown(within size: Int) -> String {
    var text = verdicts(separator: " · ", mark: { "**\(Markdown.escaped($0))**" }) + "\n"
    if plan.risk.level > .low { text += "\nRisk \(Markdown.escaped(riskWords))\n" }
    for conflict in conflicts ?? [] { text += "\n⚠ \(Markdown.escaped(conflict.words))\n" }
    for note in plan.notes { text += "\n\(Markdown.escaped(note))\n" }
    for change in plan.segments {
      text += "\n- segment \(Markdown.code(change.subject.name)): \(Markdown.escaped(change.text))\n"
    }
    var left = 0
    for environment in plan.environments.reversed() where !environment.flags.isEmpty {
      let heading = "\n#### \(Markdown.escaped(environment.environment))\n\n"
      var section = ""
      for flag in environment.flags {
        let item = Self.markdown(Self.block(flag))
        if left > 0 || text.utf8.count + heading.utf8.count + section.utf8.count + item.utf8.count > size - 200 {
          left += 1
        } else {
          section += item
        }
      }
      if section.isEmpty { continue }
      for line in Self.reach(of: environment) where left == 0 { section += "- \(Markdown.escaped(line))\n" }
      text += heading + section
    }
    if left > 0 { text += "\n… and \(Plural.of(left, "more flag")), which this comment has no room for\n" }
    return text
  }

  private static func markdown(_ block: Block) -> String {
    var item = "- \(block.mark) \(Markdown.code(block.flag)) "
    item += block.changes.map(Markdown.escaped).joined(separator: "; ") + "\n"
    for line in block.lines { item += "  - \(Markdown.escaped(line))\n" }
    for line in block.warnings { item += "  - ⚠ \(Markdown.escaped(line))\n" }
    return item
  }
}

extension SemanticChange.Subject {
  /// The key alone; nothing for the project.
  fileprivate var name: String {
    switch self {
    case .flag(let key), .segment(let key): key
    case .project: ""
    }
  }
}
