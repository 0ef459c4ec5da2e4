internal import Ensign
internal import FlagSource

/// `ensign list`.
struct ListCommand: CommandBody {
  /// What a flag is in an environment at the moment.
  enum State: String, CaseIterable {
    case enabled
    case disabled
  }

  var environment: String?
  var state: State?
  var owner: String?
  var tags: [String] = []
  var kind: FlagKind?
  var isExpired = false
  var expiresBefore: String?
  var isArchived = false

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    if state != nil, environment == nil { throw .usage("--state needs an --environment: the state is one of it") }
    let loaded = try session.load()
    let tree = loaded.tree
    if let environment { try tree.requireEnvironment(environment) }
    if let owner, tree.manifest.owners[owner] == nil {
      throw .unknown("owner", owner, among: tree.manifest.owners.keys.sorted())
    }
    let now = Timestamp.now()
    let limit = try expiryLimit()
    let flags = tree.definitions.filter { matches($0, tree, limit: limit, now: now) }
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    switch session.format {
    case .json: session.console.output.write(FlagList.document(of: flags, in: loaded))
    default:
      let environments = environment.map { [$0] } ?? tree.manifest.environments.map(\.value)
      session.console.output.write(
        FlagList.table(of: flags, in: tree, environments: environments, now: now, session.style))
      session.summary("\(flags.count) of \(Plural.of(tree.definitions.count, "flag"))")
    }
    return loaded.reportErrors(in: session)
  }

  private func expiryLimit() throws(CommandError) -> CalendarDate? {
    guard let text = expiresBefore else { return nil }
    guard let date = CalendarDate(text: text) else {
      throw .usage("--expires-before \(text): this is no date", help: "write YYYY-MM-DD, such as 2027-03-01")
    }
    return date
  }

  private func matches(_ flag: Definition, _ tree: FlagsTree, limit: CalendarDate?, now: Timestamp) -> Bool {
    if flag.isArchived != isArchived { return false }
    if let owner, flag.owner?.value != owner { return false }
    if let kind, flag.kind?.value != kind { return false }
    if !tags.allSatisfy({ tag in flag.tags.contains { $0.value == tag } }) { return false }
    if limit != nil || isExpired {
      guard let expires = flag.expires?.value else { return false }
      if let limit, expires >= limit { return false }
      if isExpired, expires > CalendarDate.today() { return false }
    }
    guard let environment, let state else { return true }
    let isOn = tree.config(of: flag.key, in: environment)?.enabled.value.isOn(at: now) ?? false
    return isOn == (state == .enabled)
  }
}

extension Command {
  static let list = Command(
    "list", ListCommand(), group: .inspect, summary: "List the flags.",
    discussion: """
      Archived flags are left out, unless --archived asks for them. Filters are combined: a flag is listed when it \
      passes all of them.
      """,
    options: [
      .value(
        "environment", short: "e", "NAME", completion: .environments, category: .filter, \.environment,
        help: "look at this environment only"),
      .choice("state", "STATE", category: .filter, \.state, help: "flags that are in this state there, now"),
      .value("owner", "NAME", completion: .owners, category: .filter, \.owner, help: "flags of this owner"),
      .values("tag", "NAME", completion: .tags, category: .filter, \.tags, help: "flags with this tag; repeatable"),
      .choice("kind", "KIND", category: .filter, \.kind, help: "flags of this kind"),
      .flag("expired", category: .filter, \.isExpired, help: "flags whose day has come"),
      .value("expires-before", "DATE", category: .filter, \.expiresBefore, help: "flags that expire before this day"),
      .flag("archived", category: .filter, \.isArchived, help: "archived flags instead of living ones"),
    ],
    formats: [.text, .json], json: FlagList.fields,
    examples: [
      ("list --owner payments", "the flags of a team"),
      ("list --environment production --state enabled", "what is switched on in production"),
      ("list --expires-before 2027-01-01 --format json", "what should be gone by then"),
    ])
}
