internal import Ensign
internal import Glibc
internal import Synchronization

/// `ensign pull`.
struct PullCommand: CommandBody {
  var environment: String?
  var trust: String?
  var into: String?
  var project: String?
  var isFollowing = false
  var interval: String?
  var tokenFile: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let folder = try PulledFolder(
      path: session.console.absolute(required(into, "--into DIR: the folder for the snapshot")))
    let configuration = try configuration(store: operands.first ?? "", in: folder, session)
    let mailbox = Mailbox()
    let signals = Signals.block()
    defer { signals.restore() }
    let client = try client(configuration, mailbox)
    defer { client.close() }
    client.start()
    var status: CommandStatus?
    var shown: ClientReport?
    while true {
      guard signals.waitForNews() else {
        if status == nil, !isFollowing { throw .environment("interrupted before the store has answered") }
        return isFollowing ? .done : status ?? .unusable
      }
      for report in mailbox.take() where report.lastAttempt != nil {
        let hasChanged = try folder.update(from: client)
        status = report.exitStatus
        if shown?.hasSameWords(as: report) != true || hasChanged {
          show(PulledReport(report: report, environment: configuration.environment, hasChanged: hasChanged), session)
        }
        shown = report
        if !isFollowing { return report.exitStatus }
        guard session.console.output.isOpen else { return .done }
      }
    }
  }

  private func required(_ value: String?, _ meaning: String) throws(CommandError) -> String {
    guard let value else { throw .usage("pull needs \(meaning)") }
    return value
  }

  private func configuration(
    store: String, in folder: PulledFolder, _ session: Session
  ) throws(CommandError) -> Client.Configuration {
    let environment = try required(environment, "--environment NAME")
    let trust = try required(trust, "--trust FILE: the trust file that this machine was given")
    let anchor: [UInt8]
    do throws(FileError) {
      anchor = try FileSystem.read(session.console.absolute(trust), limit: Envelope.maximumSize)
    } catch {
      throw error.asCommandError
    }
    var configuration = Client.Configuration(
      project: project ?? "", environment: environment, store: located(store, session), trust: anchor,
      stateDirectory: folder.state)
    configuration.token = try ServerToken.read(tokenFile, in: session)
    if let interval {
      guard isFollowing else { throw .usage("--interval needs --follow: without it there is one look at the store") }
      guard let seconds = Int(interval), (1...86_400).contains(seconds) else {
        throw .usage("--interval is a number of seconds from 1 to 86400, not '\(interval)'")
      }
      configuration.pollInterval = .seconds(seconds)
    }
    return configuration
  }

  /// The store, with a relative folder made absolute.
  private func located(_ store: String, _ session: Session) -> String {
    strstr(store, "://") != nil || store.isEmpty ? store : session.console.absolute(store)
  }

  private func client(
    _ configuration: Client.Configuration, _ mailbox: Mailbox
  ) throws(CommandError) -> Client {
    var configuration = configuration
    configuration.onChange = { mailbox.put($0) }
    do throws(ClientError) {
      return try Client(configuration, project: project)
    } catch {
      throw .environment(error.message)
    }
  }

  private func show(_ report: PulledReport, _ session: Session) {
    switch session.format {
    case .json: session.console.output.write(report.document())
    default: session.console.output.line(report.text)
    }
    session.console.output.flush()
  }
}

extension ClientStatus {
  /// What the status means for a script.
  fileprivate var exitStatus: CommandStatus {
    switch self {
    case .current: .done
    case .unreachable, .unstored, .starting: .unusable
    default: .findings
    }
  }
}

extension ClientReport {
  fileprivate var exitStatus: CommandStatus { status.exitStatus }

  /// Whether two reports read alike.
  fileprivate func hasSameWords(as other: ClientReport) -> Bool {
    status == other.status && message == other.message && sequence == other.sequence && epoch == other.epoch
      && sha256 == other.sha256 && expires == other.expires && trustVersion == other.trustVersion
  }
}

/// The folder that `pull` keeps up to date.
///
/// `snapshot.json` and `manifest.json` are for services and people, `state/` is the client's.
private struct PulledFolder {
  static let snapshot = "snapshot.json"
  static let manifest = "manifest.json"

  let path: String
  private let files: DiskFiles

  var state: String { FileSystem.join(path, "state") }

  /// Makes the folder, readable by whom the umask lets.
  init(path: String) throws(CommandError) {
    self.path = path
    files = DiskFiles(root: path)
    do throws(FileError) {
      try FileSystem.makeFolder(path)
    } catch {
      throw error.asCommandError
    }
  }

  /// Writes what the client serves, if the folder holds something else; whether it did.
  func update(from client: Client) throws(CommandError) -> Bool {
    guard let stored = client.storedFiles() else { return false }
    do throws(StorageError) {
      // The manifest last: whoever checks it against the snapshot finds the two together, or the older pair apart.
      let hasChanged = try replace(Self.snapshot, with: stored.snapshot)
      _ = try replace(Self.manifest, with: stored.manifest)
      client.confirm()
      return hasChanged
    } catch {
      throw .environment(error.description)
    }
  }

  private func replace(_ name: String, with bytes: [UInt8]) throws(StorageError) -> Bool {
    // What is larger than it should be is something else.
    if let old = try? files.read(name, limit: bytes.count), old == bytes { return false }
    try files.removeLeftovers(in: "")
    try files.replace(name, with: bytes, mode: 0o644)
    return true
  }
}

/// Reports on their way from the client's thread to the command's.
private final class Mailbox: Sendable {
  private let reports = Mutex<[ClientReport]>([])
  /// The command's thread, which waits for the signal.
  private let receiver = pthread_self()

  func put(_ report: ClientReport) {
    reports.withLock { $0.append(report) }
    pthread_kill(receiver, SIGUSR1)
  }

  func take() -> [ClientReport] {
    reports.withLock { reports in
      defer { reports = [] }
      return reports
    }
  }
}

/// The signals that end the command, and the one that brings it news, held back until it waits for them.
private struct Signals {
  private let awaited: sigset_t
  private let before: sigset_t

  static func block() -> Signals {
    var awaited = sigset_t()
    var before = sigset_t()
    sigemptyset(&awaited)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] { sigaddset(&awaited, signal) }
    pthread_sigmask(SIG_BLOCK, &awaited, &before)
    return Signals(awaited: awaited, before: before)
  }

  /// Waits; false when the command is to end.
  func waitForNews() -> Bool {
    var awaited = awaited
    var signal: Int32 = 0
    while sigwait(&awaited, &signal) != 0 {}
    return signal == SIGUSR1
  }

  func restore() {
    // News that nobody waits for any more must not end the process.
    var news = sigset_t()
    var now = timespec()
    sigemptyset(&news)
    sigaddset(&news, SIGUSR1)
    while sigtimedwait(&news, nil, &now) == SIGUSR1 {}
    var before = before
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }
}

extension Command {
  static let pull = Command(
    "pull", PullCommand(), group: .deliver, summary: "Fetch a verified snapshot, once or for ever.",
    discussion: """
      STORE is a published store: an address (https://…, http://…) or a folder. What it holds is believed only if keys \
      signed it that the trust file names, or one that its root keys signed since. DIR/snapshot.json is the snapshot, for \
      services in any language, replaced as a whole; DIR/manifest.json the signed manifest that names it; DIR/state/ what \
      the next run must not forget. Content that is refused changes none of them.

      Without --project the first manifest that trusted keys signed names the project, and from then on DIR holds flags of \
      that project only. With --follow the command polls until SIGINT or SIGTERM, prints a line for each change, and ends \
      with 0. Otherwise the status is 0 when the snapshot is the newest, 1 when content was refused or a renewal is overdue, 2 when \
      the store does not answer or DIR cannot be written.
      """,
    operands: [.init("STORE", completion: .folder, help: "the address of a published store, or its folder")],
    options: [
      .value("environment", short: "e", "NAME", completion: .environments, \.environment, help: "the environment"),
      .value("trust", "FILE", completion: .file, \.trust, help: "the trust file that this machine was given"),
      .value("into", "DIR", completion: .folder, \.into, help: "the folder for the snapshot"),
      .value("project", "NAME", \.project, help: "the project (default: the one that was pulled first)"),
      .flag("follow", \.isFollowing, help: "go on, and print a line for each change"),
      .value("interval", "SECONDS", \.interval, help: "with --follow, how often to look (default: 30)"),
      ServerToken.option(\.tokenFile),
    ], formats: [.text, .json], json: PulledReport.fields,
    examples: [
      (
        "pull https://flags.example.com --environment production --trust trust.json --into flags-production",
        "once, for a container that is being built"
      ),
      (
        "pull /srv/store --environment production --trust trust.json --into /run/flags --follow",
        "for a service beside it, which reads /run/flags/snapshot.json"
      ),
    ])
}
