internal import FlagSource
internal import YAML

/// `ensign stats`.
struct StatsCommand: CommandBody {
  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let source = try session.checkedSource(revision: nil)
    let files = try Progress.during("ensign: measuring …", in: session) { () throws(CommandError) in
      try measure(source.location)
    }
    let statistics = try Statistics(of: source, files: files)
    switch session.format {
    case .json: session.console.output.write(statistics.document())
    default: session.console.output.write(statistics.text(session.style))
    }
    return .done
  }

  /// Reads every file once more, on one thread, with a watch in hand.
  private func measure(_ location: TreeLocation) throws(CommandError) -> [Statistics.File] {
    let tree = WorkingTreeFiles(root: location.root)
    do throws(FileAccessError) {
      var reader = try tree.reader()
      var bytes: [UInt8] = []
      var files: [Statistics.File] = []
      for entry in try tree.list() where entry.kind == .file {
        let start = Clock.monotonic()
        try reader.read(entry, limit: .max, into: &bytes)
        let path = String(decoding: entry.path, as: UTF8.self)
        if path.hasSuffix(".yaml") { _ = Document.parse(bytes) }
        files.append(Statistics.File(path: path, bytes: bytes.count, seconds: Clock.monotonic() - start))
      }
      return files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    } catch {
      throw .unreadable(error, in: location)
    }
  }
}

extension Command {
  static let stats = Command(
    "stats", StatsCommand(), group: .inspect, summary: "Count and measure what is in the tree.",
    discussion: """
      The time of a file is that of reading it and of parsing its YAML, on one thread: it tells which files are out of \
      line, not how long a command takes.
      """,
    formats: [.text, .json], json: Statistics.fields,
    examples: [("stats", "counts, sizes, largest and slowest files")])
}
