internal import Ensign
internal import FlagEditor
internal import FlagHistory
internal import FlagSource

/// `ensign rollout FLAG`.
struct RolloutCommand: EditingBody {
  var environment: String?
  var rule: String?
  var percentage: String?
  var variant: String?
  var keepsUsers = false
  var editing = EditOptions()

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let flag = try FlagOperand(operands[0], environment: environment, in: session)
    guard let text = percentage else { throw .usage("rollout needs to know how many: --to PERCENT") }
    let percentage: Percentage
    do throws(GrammarError) {
      percentage = try Percentage(text)
    } catch {
      throw .usage("--to \(text): \(error)", help: "write a percentage such as 25 or 12.5")
    }
    let prefix = try session.tree().pathPrefix
    return try Editing(session: session, options: editing).run { (tree, _) throws(CommandError) in
      try plan(percentage, flag, in: tree, prefix: prefix)
    }
  }

  private func plan(
    _ percentage: Percentage, _ flag: FlagOperand, in tree: FlagsTree, prefix: String
  ) throws(CommandError) -> EditPlan {
    let definition = try flag.definition(in: tree)
    let config = try flag.requiredConfig(in: tree)
    let variants = definition.variants.map(\.name.value)
    if let variant, !variants.contains(variant) {
      throw .unknown("variant", variant, among: variants, status: .findings)
    }
    let path = tree.files.path(of: config.file)
    let rollout: Rollout
    do throws(FlagEditError) {
      rollout = try Rollout(
        in: config, at: rule.map(Rollout.Place.rule) ?? .otherwise, variant: variant, to: percentage,
        rest: definition.off.value, keepsUsers: keepsUsers)
    } catch {
      throw .edit(error, in: prefix + path)
    }
    let place = rule.map { "rule \($0)" } ?? "otherwise"
    let what = variant.map { "\($0) of \(flag.flag)" } ?? flag.flag
    return EditPlan(
      subject: .flag(flag.flag), environment: flag.environment,
      edits: rollout.isChange
        ? [FileEdit(path: path, .edit { bytes throws(FlagEditError) in try rollout.edited(bytes) })] : [],
      headline: "Roll out \(what) to \(percentage) % in \(flag.environment) (\(place))",
      unchanged: "\(what) is at \(percentage) % in \(flag.environment) already (\(place))",
      notes: notes(rollout))
  }

  private func notes(_ rollout: Rollout) -> [String] {
    func percent(_ buckets: Int) -> String { "\(Percentage(buckets: buckets)) %" }
    let moves = "\(rollout.moves) of \(Bucketing.count) buckets move (\(percent(rollout.moves)))"
    if rollout.moves == rollout.leastMoves { return [moves + ", the fewest that can"] }
    return [
      moves + ", and \(rollout.leastMoves) would have to (\(percent(rollout.leastMoves))): --ranges moves no more"
    ]
  }
}

extension Command {
  static let rollout = Command(
    "rollout", RolloutCommand(), group: .edit, summary: "Change how many get a variant.",
    discussion: """
      With --variant, what the rule (or `otherwise`) serves gives that variant the percentage, and the others share the \
      rest as they shared before: weights of a `split` change in place, a single variant becomes a `split`, and \
      `ranges` are cut anew so that only those buckets move that must. Without --variant the `share` of the rule \
      changes, or is added to a rule that serves one variant.

      The weights of a split are laid end to end, so raising one in the middle moves those behind it. --ranges turns the \
      split into `ranges`, where everyone stays who can. How many buckets move is told in any case. A `ramp` goes up by \
      itself, and is not changed by this command.
      """,
    operands: [CommandOperand("FLAG", completion: .flags, help: "the flag's key")],
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "where"),
      .value("rule", "NAME", \.rule, help: "the rule (default: otherwise)"),
      .value("to", "PERCENT", \.percentage, help: "how many, 0 to 100 with three decimals at most; required"),
      .value("variant", "NAME", \.variant, help: "the variant that gets the percentage"),
      .flag("ranges", \.keepsUsers, help: "write ranges, so that nobody moves who need not"),
    ] + EditOptions.declarations(for: RolloutCommand.self),
    formats: [.text, .json], json: EditSheet.fields,
    examples: [
      ("rollout checkout-v2 -e production --rule web-experiment --to 40", "more take part in an experiment"),
      ("rollout checkout-v2 -e production --rule eu-premium --variant on --to 50", "a weight of a split"),
      ("rollout checkout-v2 -e production --variant on --to 10", "a tenth of everyone else"),
    ])
}
