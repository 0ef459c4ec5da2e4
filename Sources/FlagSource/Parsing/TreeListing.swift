internal import Ensign
internal import Synchronization

/// The files of a tree with what each of them is, and its manifest: what reading begins with.
struct TreeListing<Files: FlagFiles> {
  private let files: Files
  private let entries: [FileEntry]
  private let table: FileTable
  private let manifest: FileParser.ManifestReading
  /// The types of the manifest's attributes, for the thread that has this listing.
  private let types: AttributeTypes
  /// What was found while the files were listed and the manifest was read.
  let first: TreePart
  /// The definitions and segments, in the order of their paths: what other files refer to.
  let definitions: [TreeLayout.Task]
  /// The configs, in the order of their paths.
  let configs: [TreeLayout.Task]
  /// The tests, in the order of their paths.
  let tests: [TreeLayout.Task]

  /// Lists the files and reads the manifest.
  ///
  /// - Parameter known: what reading another tree with the same manifest gave, if that is known: the manifest is not
  ///   read again then, and what is wrong with it not told again.
  /// - Throws: when the files cannot even be listed.
  init(_ files: Files, withManifestOf known: TreeReading? = nil) throws(FileAccessError) {
    var entries = FileEntry.sorted(try files.list())
    let manifestPath = Array("ensign.yaml".utf8)
    let position = entries.firstIndex { !$0.path.lexicographicallyPrecedes(manifestPath) } ?? entries.count
    let hasManifest = position < entries.count && entries[position].path == manifestPath
    // Findings about a missing manifest point at the place where it should be.
    if !hasManifest { entries.insert(FileEntry(path: manifestPath, kind: .other), at: position) }
    var reading = FileReading(
      entries: entries, attributes: known?.types ?? AttributeTypes(), reader: try files.reader())
    manifest =
      known?.tree.map { FileParser.ManifestReading(of: $0, at: FileReference(index: position)) }
      ?? Self.readManifest(position, hasManifest, entries, &reading)
    types = known?.types ?? AttributeTypes(manifest.manifest?.attributes ?? [:])
    var layout = TreeLayout(entries, environments: manifest.manifest?.environments.map(\.value))
    if !manifest.isOfNewerFormat { layout.classify(missing: hasManifest ? nil : position) }
    reading.part.findings += layout.findings
    first = reading.part
    self.files = files
    self.entries = entries
    table = FileTable(sorted: entries)
    definitions = layout.definitions
    configs = layout.configs
    tests = layout.tests
  }

  private static func readManifest(
    _ index: Int, _ exists: Bool, _ entries: [FileEntry], _ reading: inout FileReading
  ) -> FileParser.ManifestReading {
    if exists, entries[index].kind == .file { return reading.readManifest(index) }
    // A link, a pipe or a folder in the manifest's place has its finding by the layout.
    if !exists { reading.part.findings.append(.missingManifest(at: .start(of: FileReference(index: index)))) }
    return FileParser.ManifestReading(manifest: nil, hasAllAttributes: false, hasAllOwners: false)
  }

  /// Reads files on several threads, in chunks that each thread takes as it is ready.
  ///
  /// - Returns: what was read of the chunks, in the order of the files.
  func read(_ tasks: [TreeLayout.Task]) throws(FileAccessError) -> [TreePart] {
    try read(tasks) { _ in
    } _: { _, _ in
    } _: { part, _ in
      part
    }
  }

  /// Reads files on several threads, in chunks, and takes of each file what is needed before the next one is read: what is
  /// given up at once is memory for the next.
  ///
  /// - Parameters:
  ///   - begin: gets the number of a chunk's files, and makes what is taken of them: of none.
  ///   - take: takes what is needed out of what was read of the chunk, which has one more file now.
  ///   - end: makes something of what is left of a chunk, and of what was taken.
  /// - Returns: what was made of the chunks, in the order of the files.
  func read<Taken, Finished: Sendable>(
    _ tasks: [TreeLayout.Task], _ begin: @Sendable (Int) -> Taken,
    _ take: @Sendable (inout TreePart, inout Taken) -> Void, _ end: @Sendable (TreePart, consuming Taken) -> Finished
  ) throws(FileAccessError) -> [Finished] {
    let chunks = (tasks.count + Self.filesPerChunk - 1) / Self.filesPerChunk
    let threads = Threads.count(forParts: chunks)
    let next = Atomic(0)
    let outcome = Guarded<(finished: [Finished?], error: FileAccessError?)>((Array(repeating: nil, count: chunks), nil))
    /// Reads chunks until there are none left, or, where files should be ready, until this thread has waited for a quarter
    /// of a chunk: true then.
    @Sendable func readChunks(_ advice: inout LargePages.Advice?, whileReady: Bool) -> Bool {
      do throws(FileAccessError) {
        let types = threads == 1 ? types : AttributeTypes(manifest.manifest?.attributes ?? [:])
        var reading = FileReading(entries: entries, attributes: types, reader: try files.reader())
        var waits = chunks > 1 ? Threads.waitsOfThisThread : 0
        while true {
          let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard chunk < chunks else { return false }
          advice?.renew()
          let tasks = tasks[chunk * Self.filesPerChunk..<min((chunk + 1) * Self.filesPerChunk, tasks.count)]
          var taken = begin(tasks.count)
          for task in tasks {
            reading.read(Int(task.file.index), as: task.role)
            take(&reading.part, &taken)
          }
          let finished = end(exchange(&reading.part, with: TreePart()), taken)
          outcome.withLock { $0.finished[chunk] = finished }
          guard whileReady, next.load(ordering: .relaxed) < chunks else { continue }
          let now = Threads.waitsOfThisThread
          if now - waits > Self.filesPerChunk / 4 { return true }
          waits = now
        }
      } catch {
        outcome.withLock { $0.error = error }
        return false
      }
    }
    Threads.run(threads) { advice in
      // Files that come from a disk or over a network come faster when several are asked for at once.
      if readChunks(&advice, whileReady: true) {
        Threads.run(Self.waitingThreads / threads) { advice in _ = readChunks(&advice, whileReady: false) }
      }
    }
    return try outcome.withLock { outcome throws(FileAccessError) in
      if let error = outcome.error { throw error }
      // A loop by numbers: what else would do is put together at the first use, which takes a twentieth of the time that
      // a small tree does.
      var finished: [Finished] = []
      for chunk in 0..<chunks { if let part = outcome.finished[chunk] { finished.append(part) } }
      return finished
    }
  }

  /// When all threads wait, so many read on.
  private static var waitingThreads: Int { 16 }

  /// A tree of fewer files is read without starting threads.
  private static var filesPerChunk: Int { 64 }

  /// The tree of what was read; nil when the manifest's project or environments could not be.
  func tree(of part: TreePart) -> FlagsTree? {
    guard let manifest = manifest.manifest else { return nil }
    var broken = part.broken
    broken.attributes = !self.manifest.hasAllAttributes
    broken.owners = !self.manifest.hasAllOwners
    return FlagsTree(
      files: table, manifest: manifest, definitions: part.definitions, configs: part.configs, segments: part.segments,
      tests: part.tests, broken: broken)
  }

  /// What reading the tree gave.
  func reading(of part: TreePart, tree: FlagsTree?) -> TreeReading {
    TreeReading(
      tree: tree, files: table, findings: part.findings.sorted(by: Finding.reportOrder),
      suppressions: part.suppressions.sorted { $0.file < $1.file }, types: types, source: files, entries: entries)
  }
}
