internal import Ensign
internal import FlagPublisher
internal import FlagServer
internal import Git
internal import Glibc
internal import HTTP

/// `ensign serve`.
struct ServeCommand: CommandBody {
  var isRelay = false
  var isDevelopment = false
  var trust: String?
  var project: String?
  var environments: [String] = []
  var state: String?
  var tokenFile: String?
  var host: String?
  var port: String?
  var defaultEnvironment: String?
  var isPublic = false
  var tokens: String?
  var webhooks: String?
  var certificate: String?
  var key: String?
  var publicURL: String?
  var origins: [String] = []
  var leavesOutMetadata = false
  var leavesOutEventStreams = false
  var threads: String?
  var connections: String?
  var connectionsPerAddress: String?
  var headerSize: String?
  var requestTimeout: String?
  var rate: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let log = ServerLog { line in
      // One call for a line: what several threads write does not mix.
      _ = write(STDERR_FILENO, line, line.count)
    }
    let settings = try settings(in: session)
    let metrics = MetricRegistry()
    metrics.value(.buildInformation, Program.version).set(1)
    let webhooks = try webhooks(log, metrics, in: session)
    let distribution = Distribution(
      environments: environments, fields: isDevelopment ? [("Ensign-Development", "unsigned")] : []
    ) { health, news in
      log.note(health, isNewState: news != nil)
      metrics.note(health, isNewState: news != nil, at: .now())
      if let news { webhooks?.announce(news.served, manifest: news.manifest) }
    }
    let served = try source(operands, in: session)
    let routes = Routes(
      distribution, access: try access(in: session), metrics: metrics,
      try configuration(publishing: publishing(into: served, distribution, log, metrics)))
    let signals = ServerSignals.block()
    defer { signals.restore() }
    let stop = try start(served, into: distribution, log)
    defer { stop() }
    if let status = webhooks?.start(), status != 0 {
      throw .environment("no thread can be made: \(String(cString: strerror(status)))")
    }
    defer { webhooks?.stop() }
    let server: HTTPServer
    do throws(HTTPServerError) {
      server = try HTTPServer(settings, handler: routes)
    } catch {
      throw CommandError(status: .unusable, message: error.description, help: [error.help].compactMap(\.self))
    }
    routes.countConnections { [weak server] in server?.connectionCount ?? 0 }
    let address = Self.address(settings, port: server.port)
    session.console.output.line(address)
    session.console.output.flush()
    log.note(.information, "started", "listening at \(address)", [("version", .string(Program.version))])
    while signals.wait() == SIGHUP { reload(routes, server, log, in: session) }
    log.note(.information, "stopping", "no more connections are accepted")
    distribution.close()
    let isComplete = server.stop(within: 10)
    log.note(.information, "stopped", isComplete ? "all requests were answered" : "some requests were cut off")
    return .done
  }

  /// `http://host:port`.
  private static func address(_ settings: HTTPServer.Settings, port: Int) -> String {
    let isAddress6 = settings.host.split(separator: ":", omittingEmptySubsequences: false).count > 2
    let host = isAddress6 ? "[\(settings.host)]" : settings.host
    return "\(settings.certificate == nil ? "http" : "https")://\(host):\(port)"
  }

  private func reload(_ routes: Routes, _ server: HTTPServer, _ log: ServerLog, in session: Session) {
    if tokens == nil, certificate == nil { log.note(.information, "reloaded", "there is nothing to reload") }
    if tokens != nil {
      reload("the tokens", log) { () throws(CommandError) in routes.replace(access: try access(in: session)) }
    }
    guard let certificate, let key else { return }
    reload("the certificate", log) { () throws(CommandError) in
      let (chain, secret) = try pem(certificate, key, in: session)
      do throws(HTTPServerError) {
        try server.replace(certificate: chain, key: secret)
      } catch {
        throw .refused("\(certificate), \(key): \(error.description)")
      }
    }
  }

  private func reload(_ what: String, _ log: ServerLog, _ body: () throws(CommandError) -> Void) {
    do throws(CommandError) {
      try body()
      log.note(.information, "reloaded", "\(what) were read again")
    } catch {
      log.note(.error, "reloaded", "\(what) in force are still the old ones: \(error.message)")
    }
  }

  private func pem(
    _ certificate: String, _ key: String, in session: Session
  ) throws(CommandError) -> (certificate: [UInt8], key: [UInt8]) {
    (
      try file(session.console.absolute(certificate), limit: 1 << 20),
      try file(session.console.absolute(key), limit: 1 << 20)
    )
  }
}

// MARK: - What is served

extension ServeCommand {
  private enum Source {
    case store(StoreFollowers.Source)
    case workingTree(String)
  }

  private func source(_ operands: [String], in session: Session) throws(CommandError) -> Source {
    switch (isDevelopment, isRelay, operands.first) {
    case (true, true, _): throw .usage("--dev and --follow exclude each other")
    case (true, false, let tree): return try workingTree(tree, in: session)
    case (false, _, nil):
      throw .usage(
        "serve needs to know what: STORE, --follow URL, or --dev", help: "usage: ensign serve [options] [STORE]")
    case (false, false, let folder?):
      return .store(try store(location(session.console.absolute(folder)), in: session))
    case (false, true, let url?):
      guard trust != nil else {
        throw .usage("--follow needs --trust FILE: the trust file that this machine was given")
      }
      return .store(try store(location(url), in: session))
    }
  }

  private func workingTree(_ tree: String?, in session: Session) throws(CommandError) -> Source {
    for (name, isGiven) in [
      ("trust", trust != nil), ("project", project != nil), ("state", state != nil),
      ("token-file", tokenFile != nil), ("webhooks", webhooks != nil), ("public", isPublic),
      ("environment", !environments.isEmpty),
    ] where isGiven {
      throw .usage("--\(name) does not go with --dev: nothing is signed there, and all environments are compiled")
    }
    guard let tree else {
      let location = try session.tree()
      return .workingTree(location.root)
    }
    let root = session.console.canonical(tree)
    guard FileSystem.kind(of: FileSystem.join(root, "ensign.yaml")) != nil else {
      throw .environment("\(tree) is no flags tree: it has no ensign.yaml")
    }
    return .workingTree(root)
  }

  private func location(_ text: String) throws(CommandError) -> StoreLocation {
    do throws(StoreLocationError) {
      return try StoreLocation(text)
    } catch {
      throw .usage(error.description)
    }
  }

  private func store(
    _ location: StoreLocation, in session: Session
  ) throws(CommandError) -> StoreFollowers.Source {
    let path: String
    if let trust {
      path = session.console.absolute(trust)
    } else if case .folder(let folder) = location {
      path = FileSystem.join(folder, "trust/1.json")
      guard FileSystem.kind(of: path) != nil else {
        throw .environment(
          "the store \(session.console.shown(folder)) has no trust file",
          help: "begin it: ensign trust init", "or name the trust file: --trust FILE")
      }
    } else {
      throw .usage("serve needs --trust FILE: the trust file that this machine was given")
    }
    var source = StoreFollowers.Source(location: location, trust: try file(path, limit: Envelope.maximumSize))
    source.project = project
    if case .address = location { source.token = try ServerToken.read(tokenFile, in: session) }
    source.environments = environments
    source.stateFolder = state.map { session.console.absolute($0) }
    return source
  }

  private func file(_ path: String, limit: Int) throws(CommandError) -> [UInt8] {
    do throws(FileError) {
      return try FileSystem.read(path, limit: limit)
    } catch {
      throw error.asCommandError
    }
  }

  /// What takes publications into a store: only where tokens say who may.
  private func publishing(
    into source: Source, _ distribution: Distribution, _ log: ServerLog, _ metrics: MetricRegistry
  ) -> PublishService? {
    guard tokens != nil, case .store(let source) = source, case .folder(let folder) = source.location else {
      return nil
    }
    let store = PublishedStore(files: DiskFiles(root: folder), name: folder)
    let followed = source.environments
    let waitUntilServed = { @Sendable (manifests: [Manifest]) in
      distribution.wait(
        for: manifests.filter { followed.isEmpty || followed.contains($0.environment) }, atMost: .seconds(5))
    }
    return PublishService(
      store: store, anchor: source.trust, waitUntilServed: waitUntilServed
    ) { environment, outcome, reason in
      metrics.value(.publications, environment, outcome).add()
      let level: ServerLog.Level = reason == nil ? .information : .warning
      log.note(
        level, "publication", reason ?? outcome,
        [("environment", .string(environment)), ("outcome", .string(outcome))])
    }
  }

  /// What tells others of new states; the messages wait in the state folder.
  private func webhooks(
    _ log: ServerLog, _ metrics: MetricRegistry, in session: Session
  ) throws(CommandError) -> Webhooks? {
    guard let webhooks else { return nil }
    guard let state else { throw .usage("--webhooks needs --state DIR: messages wait there, over a restart too") }
    let bytes = try file(session.console.absolute(webhooks), limit: WebhookFile.maximumSize)
    var surroundings = Webhooks.Surroundings()
    if let repository = session.globals.repository {
      let path = session.console.absolute(repository)
      surroundings.author = { Self.author(of: $0, in: path) }
    }
    do throws(WebhookFileError) {
      return Webhooks(
        try WebhookFile.parse(bytes), files: DiskFiles(root: session.console.absolute(state)), log: log,
        metrics: metrics, surroundings)
    } catch {
      throw .refused("\(webhooks):\(error.description)")
    }
  }

  /// Who wrote a commit; nil where the repository does not have it, or not yet.
  private static func author(of commit: String, in path: String) -> WebhookMessage.Author? {
    guard let id = ObjectID(hexadecimal: commit), let repository = try? Repository(discovering: path),
      let author = try? repository.commit(id).author
    else { return nil }
    return WebhookMessage.Author(name: author.name, email: author.email)
  }

  /// Begins to follow a source; what ends it.
  private func start(
    _ source: Source, into distribution: Distribution, _ log: ServerLog
  ) throws(CommandError) -> () -> Void {
    do throws(ServerError) {
      switch source {
      case .store(let source):
        if trust == nil {
          log.note(.warning, "trust", "the store's own first trust file is believed; name one with --trust")
        }
        let followers = StoreFollowers(source, into: distribution, log: log)
        try followers.start()
        return { followers.stop() }
      case .workingTree(let root):
        log.note(.warning, "development", "what is served is compiled from \(root), and not signed")
        let follower = WorkingTreeFollower(root: root, into: distribution, log: log)
        try follower.start()
        return { follower.stop() }
      }
    } catch {
      throw .environment(error.description)
    }
  }
}

// MARK: - How it is served

extension ServeCommand {
  private func configuration(publishing: PublishService?) throws(CommandError) -> Routes.Configuration {
    var configuration = Routes.Configuration()
    configuration.publishing = publishing
    configuration.evaluation.defaultEnvironment = defaultEnvironment
    configuration.evaluation.sendsBulkMetadata = !leavesOutMetadata
    configuration.evaluation.sendsEventStreams = !leavesOutEventStreams
    configuration.evaluation.publicURL = publicURL
    if !origins.isEmpty { configuration.evaluation.crossOrigin = .origins(origins) }
    configuration.requestsPerSecond = try rate.map { (text) throws(CommandError) in
      try number(text, of: "rate", in: 1...1_000_000, "requests a second")
    }
    return configuration
  }

  private func settings(in session: Session) throws(CommandError) -> HTTPServer.Settings {
    var settings = HTTPServer.Settings()
    settings.host = host ?? "127.0.0.1"
    try checkHost(settings.host)
    settings.port = try number(port ?? "8080", of: "port", in: 0...65_535, "")
    settings.threads = try number(
      threads ?? String(min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))), of: "threads", in: 1...64, "threads")
    let descriptors = DescriptorLimit.raise() - Self.otherDescriptors
    if let connections {
      settings.connections = try number(connections, of: "max-connections", in: 1...1_000_000, "connections")
      guard settings.connections <= descriptors else {
        throw .environment(
          "the system lets this process have \(descriptors) connections at most, not \(settings.connections)",
          help: "raise the limit of open files (ulimit -n, LimitNOFILE), or lower --max-connections")
      }
    } else {
      settings.connections = max(16, min(16_384, descriptors))
    }
    settings.connectionsPerAddress = try number(
      connectionsPerAddress ?? "0", of: "max-connections-per-address", in: 0...1_000_000, "connections")
    settings.connectionMemory = try number(
      headerSize ?? "4096", of: "max-header-size", in: 2048...1_048_576, "bytes")
    settings.requestTimeout = try number(requestTimeout ?? "30", of: "request-timeout", in: 1...3600, "seconds")
    guard (certificate == nil) == (key == nil) else {
      throw .usage("--tls-cert and --tls-key go together")
    }
    if let certificate, let key {
      (settings.certificate, settings.key) = try pem(certificate, key, in: session)
    }
    return settings
  }

  /// Descriptors for everything but connections.
  private static let otherDescriptors = 128

  private func number(
    _ text: String, of option: String, in range: ClosedRange<Int>, _ unit: String
  ) throws(CommandError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      let what = unit.isEmpty ? "a number" : "a number of \(unit)"
      throw .usage("--\(option) is \(what) from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
    }
    return number
  }

  private func checkHost(_ host: String) throws(CommandError) {
    let isLoopback = host == "localhost" || host == "::1" || host.hasPrefix("127.")
    if isLoopback { return }
    guard !isDevelopment else {
      throw .usage("--dev serves this machine only: unsigned flags are for nobody else")
    }
    guard tokens != nil || isPublic else {
      throw .usage(
        "at \(host) others can reach the server: say who may read, or that everybody may",
        help: "--tokens FILE asks for tokens; 'ensign token new' makes one", "--public lets everybody read")
    }
  }

  private func access(in session: Session) throws(CommandError) -> AccessTable {
    guard let tokens else { return .open }
    let bytes = try file(session.console.absolute(tokens), limit: TokenFile.maximumSize)
    do throws(TokenFileError) {
      return AccessTable(try TokenFile.parse(bytes))
    } catch {
      throw .refused("\(tokens):\(error.description)")
    }
  }
}

/// The signals that a server waits for, held back from all its threads.
private struct ServerSignals {
  private let awaited: sigset_t
  private let before: sigset_t

  static func block() -> ServerSignals {
    var awaited = sigset_t()
    var before = sigset_t()
    sigemptyset(&awaited)
    for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&awaited, signal) }
    pthread_sigmask(SIG_BLOCK, &awaited, &before)
    return ServerSignals(awaited: awaited, before: before)
  }

  /// Waits for one of them, and tells which.
  func wait() -> Int32 {
    var awaited = awaited
    var signal: Int32 = 0
    while sigwait(&awaited, &signal) != 0 {}
    return signal
  }

  func restore() {
    var before = before
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}

extension Command {
  static let serve = Command(
    "serve", ServeCommand(), group: .publish, summary: "Serve published flags over HTTP.",
    discussion: """
      It serves what it has verified with the trust file, and nothing else: a published store in the folder STORE, which \
      it watches; with --follow what another server or a CDN has, as a relay; with --dev the working tree (STORE is then \
      the flags tree), unsigned and for this machine only. A new snapshot that is damaged, older, or signed by keys that \
      are not trusted leaves the one before in service, and /healthz says why. It prints its address, writes what happens \
      as JSON lines to standard error, ends with SIGTERM after the answers in progress, and reads tokens and certificate \
      again with SIGHUP.

      At any other host than this machine itself it asks for --tokens, or for --public, which lets everybody read. On the \
      open Internet put a proxy such as nginx in front of it.
      """,
    operands: [
      .init("STORE", .optional, completion: .folder, help: "the folder of a published store; with --follow an address")
    ],
    options: [
      .flag("follow", \.isRelay, help: "serve what the store at the address STORE has"),
      .flag("dev", \.isDevelopment, help: "serve the working tree, compiled at each change"),
      .value(
        "trust", "FILE", completion: .file, \.trust, help: "the trust file (default: the first of the folder STORE)"),
      .value("project", "NAME", \.project, help: "the project (default: that of the first manifest)"),
      .values(
        "environment", short: "e", "NAME", completion: .environments, \.environments,
        help: "an environment to serve (default: all)"),
      ServerToken.option(\.tokenFile),
      .value("state", "DIR", completion: .folder, \.state, help: "keep what was verified over a restart"),
      .value("host", "HOST", \.host, help: "where to listen (default: 127.0.0.1)"),
      .value("port", "PORT", \.port, help: "the port; 0 takes any free one (default: 8080)"),
      .value(
        "default-environment", "NAME", completion: .environments, \.defaultEnvironment,
        help: "the environment of evaluations that name none"),
      .flag("public", \.isPublic, help: "let everybody read, at a host that others can reach"),
      .value("tokens", "FILE", completion: .file, \.tokens, help: "ask for the tokens of this file"),
      .value(
        "webhooks", "FILE", completion: .file, \.webhooks, help: "tell the targets of this file of new states"),
      .value(
        "tls-cert", "FILE", completion: .file, \.certificate, help: "serve HTTPS: the certificate and its chain, PEM"),
      .value("tls-key", "FILE", completion: .file, \.key, help: "the certificate's key, PEM"),
      .value("public-url", "URL", \.publicURL, help: "the address that clients know, for links to streams"),
      .values("cors-origin", "ORIGIN", \.origins, help: "web pages that may evaluate (default: all)"),
      .flag("no-bulk-metadata", \.leavesOutMetadata, help: "leave 'metadata' out of evaluations of all flags"),
      .flag("no-event-streams", \.leavesOutEventStreams, help: "leave 'eventStreams' out of them"),
      .value("threads", "N", \.threads, help: "threads that serve (default: one for each processor, at most 8)"),
      .value(
        "max-connections", "N", \.connections, help: "connections at once (default: 16384, or what the system allows)"),
      .value(
        "max-connections-per-address", "N", \.connectionsPerAddress, help: "of one address; 0 for any (default: 0)"),
      .value("max-header-size", "BYTES", \.headerSize, help: "memory for a request's head (default: 4096)"),
      .value("request-timeout", "SECONDS", \.requestTimeout, help: "for a request to come (default: 30)"),
      .value("rate", "N", \.rate, help: "requests a second of one token or address (default: any)"),
    ],
    examples: [
      ("serve /srv/store --trust trust.json", "what was published into a folder"),
      (
        "serve --follow https://flags.example.com/v1 --trust trust.json --state /var/lib/ensign",
        "a relay, which goes on serving when the other server is gone"
      ),
      ("serve --dev", "the working tree, for a developer"),
    ])
}
