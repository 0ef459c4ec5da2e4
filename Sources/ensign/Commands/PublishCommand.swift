internal import Ensign
internal import FlagCompiler
internal import FlagPublisher
internal import FlagSource
internal import Git

/// `ensign publish`.
struct PublishCommand: CommandBody {
  var environments: [String] = []
  var isForAll = false
  var publisher = PublisherArguments()
  var revision: String?
  var reference: String?
  var isRenewal = false
  var allowsDirty = false

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    try checkOptions()
    let publisher = try publisher.publisher(in: session)
    let results = isRenewal ? try renew(publisher) : try publish(publisher, in: session)
    switch session.format {
    case .json: session.console.output.write(PublicationSheet.document(of: results))
    default: for result in results { session.console.output.line(PublicationSheet.line(for: result)) }
    }
    return .done
  }

  private func checkOptions() throws(CommandError) {
    switch (environments.isEmpty, isForAll) {
    case (true, false): throw .usage("publish needs to know what: --environment NAME, or --all")
    case (false, true): throw .usage("--environment and --all exclude each other")
    default: break
    }
    guard Set(environments).count == environments.count else {
      throw .usage("an environment is named twice")
    }
    if isRenewal, revision != nil || allowsDirty || reference != nil {
      throw .usage("--renew signs again what is published; --rev, --ref and --allow-dirty do not go with it")
    }
    if revision != nil, allowsDirty {
      throw .usage("--allow-dirty publishes the working tree; it does not go with --rev")
    }
  }

  private func renew(_ publisher: Publisher) throws(CommandError) -> [PublishedManifest] {
    try publishing { () throws(PublishingError) in
      let names = isForAll ? try publisher.store.environments() : environments
      guard !names.isEmpty else {
        if self.publisher.store?.isAddress == true {
          throw PublishingError(
            .invalidRequest, "a server cannot be listed: name what to renew with --environment")
        }
        throw PublishingError(.unpublished, "the store \(publisher.store.name) has nothing to renew")
      }
      return try publisher.renew(names)
    }
  }

  private func publish(_ publisher: Publisher, in session: Session) throws(CommandError) -> [PublishedManifest] {
    let found = try FoundRepository(in: session)
    let commit = try publishing { () throws(PublishingError) in
      try PublishedCommit(revision ?? "HEAD", reference: reference, in: found.repository)
    }
    let (source, isDirty) = try read(commit, of: found, in: session)
    let known = source.tree.manifest.environments.map(\.value)
    for name in environments { try source.tree.requireEnvironment(name) }
    let names = isForAll ? known : environments
    if isDirty { try refuseProtected(names, known, publisher.trustFile) }
    return try source.publish(
      names, of: commit, isDirty: isDirty, by: publisher, from: found.repository, in: session)
  }

  /// The flags of a commit; or those of the working tree, when they differ from it and that is allowed.
  private func read(
    _ commit: PublishedCommit, of found: borrowing FoundRepository, in session: Session
  ) throws(CommandError) -> (CheckedSource, isDirty: Bool) {
    let (directory, folder) = (found.repository.gitDirectory, found.folder)
    let isCompared = revision == nil && found.repository.workTree != nil
    // The working tree is compared while the commit is read: a processor for each.
    let (changes, validation) = Threads.alongside(
      {
        Result { () throws(GitError) in
          isCompared ? try Repository(gitDirectory: directory).changedFiles(below: folder) : []
        }
      },
      { Result { () throws(CommandError) in try session.validation(revision: commit.source.commit) } })
    let files: [String]
    do throws(GitError) {
      files = try changes.get()
    } catch {
      throw .git(error)
    }
    let isDirty = try isPublishedDirty(files, hasWorkingTree: found.hasWorkingTree)
    return (try session.checkedSource(of: isDirty ? session.validation(revision: nil) : validation.get()), isDirty)
  }

  /// Whether the working tree is published, because files of it differ from the commit.
  ///
  /// - Throws: when they do, and that is not allowed.
  private func isPublishedDirty(_ files: [String], hasWorkingTree: Bool) throws(CommandError) -> Bool {
    if files.isEmpty { return false }
    if allowsDirty {
      guard hasWorkingTree else {
        throw .usage("--allow-dirty publishes the working tree, which is not that of --repository")
      }
      return true
    }
    let named = files.prefix(3).joined(separator: ", ") + (files.count > 3 ? " and \(files.count - 3) more" : "")
    throw .refused(
      "what is published is a commit, and the flags of the working tree differ from it: \(named.printable)",
      help: "commit or stash them; or publish the commit as it is with --rev HEAD")
  }

  /// Refuses to publish files that nobody can prove afterwards where it matters.
  private func refuseProtected(_ names: [String], _ known: [String], _ trust: TrustFile) throws(CommandError) {
    for name in names where name == known.last || trust.environments[name] != nil {
      throw .refused(
        "the environment '\(name)' is protected: only commits are published there",
        help: "protected are the last environment of the manifest, and those that the trust file has a threshold for",
        "commit the change, then publish the commit")
    }
  }
}

extension Command {
  static let publish = Command(
    "publish", PublishCommand(), group: .publish, summary: "Compile a commit, sign the snapshots, and publish them.",
    discussion: """
      Without --rev the commit that is checked out is published, and refused while the flags of the working tree differ \
      from it. The manifest's sequence is the number of commits on the first-parent chain, so the repository must not be \
      a shallow clone, and the commit must follow the one that was published last. To go back, revert: the new commit \
      has a higher sequence.

      A manifest names the branch that was published: that of --rev or of HEAD. CI services check out commits without \
      one; name it with --ref there.

      Everything is verified as a client will, before anything is written. The same commit again, or --renew, which \
      compiles nothing, signs the same snapshot with a later end.
      """,
    options: [
      .values(
        "environment", short: "e", "NAME", completion: .environments, \.environments,
        help: "an environment; repeatable"),
      .flag("all", \.isForAll, help: "every environment of the manifest; with --renew of the store"),
      .value(
        "store", "STORE", completion: .folder, \.publisher.store,
        help: "the folder of the store, or the address of a server, such as https://flags.example.com/v1"),
      .values(
        "key", short: "k", "FILE", completion: .file, \.publisher.keys,
        help: "a secret publish key; repeatable (default: the variable ENSIGN_KEY)"),
      .value("rev", "REV", \.revision, help: "a commit instead of the one that is checked out"),
      .value("ref", "REF", \.reference, help: "the branch that the manifest names, such as refs/heads/main"),
      .value("expires-in", "TIME", \.publisher.expiresIn, help: "when clients call the snapshot stale (default: 7d)"),
      .flag("renew", \.isRenewal, help: "sign again what is published, with a later end"),
      .flag(
        "allow-dirty", \.allowsDirty,
        help: "publish the working tree, marked as such; not for protected environments"),
      .value(
        "trust", "FILE", completion: .file, \.publisher.trust,
        help: "the trust file to begin with (default: the store's first)"),
      .value(
        "passphrase-file", "FILE", completion: .file, \.publisher.passphraseFile,
        help: "a file whose first line is the passphrase of the keys"),
      ServerToken.option(\.publisher.tokenFile),
      .value("now", "TIME", \.publisher.now, help: "the present, such as 2026-12-01T09:00:00Z (default: the clock's)"),
    ],
    formats: [.text, .json], json: PublicationSheet.fields,
    examples: [
      ("publish --all --store store --key ci.key", "every environment, of the commit that is checked out"),
      (
        "publish --all --store https://flags.example.com/v1 --key ci.key --token-file token",
        "to a server, which verifies it as a client does"
      ),
      ("publish --all --renew --store store --key ci.key", "the same snapshots for another week"),
    ])
}
