internal import Ensign
internal import FlagPublisher

/// `ensign trust init`.
struct TrustInitCommand: CommandBody {
  var roots: [String] = []
  var publishers: [String] = []
  var rootThreshold: String?
  var publishThreshold: String?
  var environmentThresholds: [String] = []
  var store: String?
  var out: String?
  var expiresIn: String?
  var passphraseFile: String?
  var now: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    guard !roots.isEmpty, !publishers.isEmpty else {
      throw .usage("trust init needs keys: --root FILE and --publish FILE, each once for every key")
    }
    let store = try session.store(store)
    let keys = KeyArguments(session, passphraseFile: passphraseFile)
    var change = TrustChange()
    change.addedRoots = try keys.publicKeys(roots)
    change.addedPublishers = try keys.publicKeys(publishers)
    try ThresholdArguments(root: rootThreshold, publish: publishThreshold, environments: environmentThresholds)
      .apply(to: &change)
    let lifetime = try Lifetime(expiresIn ?? "365d", of: "expires-in")
    let expires = Timestamp(milliseconds: try session.time(now).milliseconds + lifetime.milliseconds)
    let draft = try publishing { () throws(PublishingError) in
      try store.requireEmptyTrust()
      return try TrustDraft(change.first(expires: expires), after: nil)
    }
    return try TrustDrafting(session: session, store: store, out: out)
      .finish(draft, keys: keys.signingKeysAtHand(roots), isStrict: true)
  }
}

extension Command {
  static let trustInit = Command(
    "trust init", TrustInitCommand(), group: .publish, summary: "Make the first trust file of a store.",
    discussion: """
      The trust file says whose signatures count: root keys sign trust files, publish keys sign what is published. It \
      is signed with the root keys whose secret halves are named, and written into the store once enough of them are. \
      With fewer, it is kept as a draft in --out, for others to sign on their machines: see 'ensign trust sign'.

      No key may be both a root key and a publish key: publish keys are used every day, and root keys, which replace \
      them when they are stolen, should be kept offline.
      """,
    options: [
      .values(
        "root", "FILE", completion: .file, \.roots, help: "a root key, secret or public; repeatable"),
      .values(
        "publish", "FILE", completion: .file, \.publishers, help: "a publish key, secret or public; repeatable"),
      .value("store", "DIR", completion: .folder, \.store, help: "the folder of the store"),
      .value(
        "root-threshold", "N", \.rootThreshold, help: "how many root keys sign a trust file (default: 1)"),
      .value(
        "publish-threshold", "N", \.publishThreshold, help: "how many publish keys sign a manifest (default: 1)"),
      .values(
        "environment-threshold", "ENVIRONMENT=N", \.environmentThresholds,
        help: "how many publish keys sign a manifest of one environment; repeatable"),
      .value("expires-in", "TIME", \.expiresIn, help: "when the next version is due (default: 365d)"),
      .value("out", short: "o", "FILE", completion: .file, \.out, help: "where a draft is kept that lacks signatures"),
      .value(
        "passphrase-file", "FILE", completion: .file, \.passphraseFile,
        help: "a file whose first line is the passphrase of the keys"),
      .value("now", "TIME", \.now, help: "the present, such as 2026-12-01T09:00:00Z (default: the clock's)"),
    ],
    examples: [
      ("trust init --root root.key --publish ci.key.pub --store store", "one key for each task"),
      (
        "trust init --root a.key --root b.pub --root c.pub --root-threshold 2 --publish ci.pub --store store --out draft.json",
        "two of three root keys, on several machines"
      ),
    ])
}
