internal import Ensign
internal import FlagPublisher

/// `ensign trust rotate`.
struct TrustRotateCommand: CommandBody {
  var addedRoots: [String] = []
  var removedRoots: [String] = []
  var addedPublishers: [String] = []
  var removedPublishers: [String] = []
  var rootThreshold: String?
  var publishThreshold: String?
  var environmentThresholds: [String] = []
  var startsEpoch = false
  var keys: [String] = []
  var store: String?
  var out: String?
  var expiresIn: String?
  var passphraseFile: String?
  var now: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let store = try session.store(store)
    let keys = KeyArguments(session, passphraseFile: passphraseFile)
    var change = TrustChange()
    change.addedRoots = try keys.publicKeys(addedRoots)
    change.addedPublishers = try keys.publicKeys(addedPublishers)
    change.removedRoots = try ids(removedRoots, keys)
    change.removedPublishers = try ids(removedPublishers, keys)
    change.startsEpoch = startsEpoch
    try ThresholdArguments(root: rootThreshold, publish: publishThreshold, environments: environmentThresholds)
      .apply(to: &change)
    let lifetime = try Lifetime(expiresIn ?? "365d", of: "expires-in")
    let expires = Timestamp(milliseconds: try session.time(now).milliseconds + lifetime.milliseconds)
    let draft = try publishing { () throws(PublishingError) in
      let newest = try store.newestTrust()
      return try TrustDraft(change.applied(to: newest, expires: expires), after: newest)
    }
    return try TrustDrafting(session: session, store: store, out: out)
      .finish(draft, keys: keys.requiredSigningKeys(self.keys), isStrict: true)
  }

  /// The ids of keys that are named by their files or by their ids: the file of a lost key may be lost too.
  private func ids(_ names: [String], _ keys: KeyArguments) throws(CommandError) -> [String] {
    try names.map { name throws(CommandError) in
      if name.utf8.count == 64, Hexadecimal.decode(name) != nil { return name }
      return try keys.file(name).publicKey.id
    }
  }
}

extension Command {
  static let trustRotate = Command(
    "trust rotate", TrustRotateCommand(), group: .publish, summary: "Make the next version of the trust file.",
    discussion: """
      It takes the newest version of the store, changes what is asked for, and dates it anew. It must be signed by \
      enough root keys of the version before and of its own; with fewer it is kept as a draft in --out.

      --new-epoch lets sequences begin again: after a stolen key published a sequence that cannot be reached, or after \
      the published branch was rewritten. Every environment has to be published again then.
      """,
    options: [
      .values("add-root", "FILE", completion: .file, \.addedRoots, help: "a new root key; repeatable"),
      .values(
        "remove-root", "FILE|ID", completion: .file, \.removedRoots, help: "a root key that counts no more; repeatable"),
      .values("add-publish", "FILE", completion: .file, \.addedPublishers, help: "a new publish key; repeatable"),
      .values(
        "remove-publish", "FILE|ID", completion: .file, \.removedPublishers,
        help: "a publish key that counts no more; repeatable"),
      .value("root-threshold", "N", \.rootThreshold, help: "how many root keys sign a trust file"),
      .value("publish-threshold", "N", \.publishThreshold, help: "how many publish keys sign a manifest"),
      .values(
        "environment-threshold", "ENVIRONMENT=N", \.environmentThresholds,
        help: "how many publish keys sign a manifest of one environment; repeatable"),
      .flag("new-epoch", \.startsEpoch, help: "let sequences begin again"),
      .values(
        "key", short: "k", "FILE", completion: .file, \.keys,
        help: "a secret root key to sign with; repeatable (default: the variable ENSIGN_KEY)"),
      .value("store", "DIR", completion: .folder, \.store, help: "the folder of the store"),
      .value("expires-in", "TIME", \.expiresIn, help: "when the next version is due (default: 365d)"),
      .value("out", short: "o", "FILE", completion: .file, \.out, help: "where a draft is kept that lacks signatures"),
      .value(
        "passphrase-file", "FILE", completion: .file, \.passphraseFile,
        help: "a file whose first line is the passphrase of the keys"),
      .value("now", "TIME", \.now, help: "the present, such as 2026-12-01T09:00:00Z (default: the clock's)"),
    ],
    examples: [
      ("trust rotate --store store --key root.key", "the same keys for another year"),
      (
        "trust rotate --store store --key root.key --remove-publish ci.pub --add-publish new.pub --new-epoch",
        "after a publish key was stolen"
      ),
    ])
}
