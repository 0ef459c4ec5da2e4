internal import Ensign
internal import Synchronization
internal import YAML

/// Reads a flags tree: every file on its own, nothing checked against other files.
package enum TreeReader {
  /// Reads all files of a tree, on as many threads as are worth it.
  ///
  /// The result is the same whatever the threads did: it only depends on the files' paths and bytes.
  ///
  /// - Parameter known: what reading another tree with the same manifest gave, if that is known: the manifest is not
  ///   read again then, and what is wrong with it not told again.
  /// - Throws: when the files cannot even be listed. A file that cannot be read is a finding.
  package static func read(
    _ files: some FlagFiles, withManifestOf known: TreeReading? = nil
  ) throws(FileAccessError) -> TreeReading {
    var entries = FileEntry.sorted(try files.list())
    let manifestPath = Array("ensign.yaml".utf8)
    let position = entries.firstIndex { !$0.path.lexicographicallyPrecedes(manifestPath) } ?? entries.count
    let hasManifest = position < entries.count && entries[position].path == manifestPath
    // Findings about a missing manifest point at the place where it should be.
    if !hasManifest { entries.insert(FileEntry(path: manifestPath, kind: .other), at: position) }

    var first = FileReading(entries: entries, attributes: AttributeTypes(), reader: try files.reader())
    let manifest =
      known?.tree.map { FileParser.ManifestReading(of: $0, at: FileReference(index: position)) }
      ?? readManifest(position, hasManifest, entries, &first)
    var layout = TreeLayout(entries, environments: manifest.manifest?.environments.map(\.value))
    if !manifest.isOfNewerFormat { layout.classify(missing: hasManifest ? nil : position) }
    first.part.findings += layout.findings
    var parts = try read(layout.tasks, of: files, entries, manifest.manifest?.attributes ?? [:])
    parts.insert(first.part, at: 0)
    first.part = TreePart()
    let table = FileTable(sorted: entries)
    var part = TreePart(joining: consume parts)
    part.broken.attributes = !manifest.hasAllAttributes
    part.broken.owners = !manifest.hasAllOwners

    let tree = manifest.manifest.map { manifest in
      FlagsTree(
        files: table, manifest: manifest, definitions: part.definitions, configs: part.configs,
        segments: part.segments, tests: part.tests, broken: part.broken)
    }
    return TreeReading(
      tree: tree, files: table, findings: part.findings.sorted(by: Finding.reportOrder),
      suppressions: part.suppressions, source: files, entries: entries)
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
  private static func read(
    _ tasks: [TreeLayout.Task], of files: some FlagFiles, _ entries: [FileEntry],
    _ attributes: [String: AttributeDeclaration]
  ) throws(FileAccessError) -> [TreePart] {
    let chunks = (tasks.count + filesPerChunk - 1) / filesPerChunk
    let threads = Threads.count(forParts: chunks)
    let next = Atomic(0)
    let outcome = Guarded<(parts: [TreePart?], error: FileAccessError?)>((Array(repeating: nil, count: chunks), nil))
    Threads.run(threads) { advice in
      do throws(FileAccessError) {
        let types = AttributeTypes(attributes)
        var reading = FileReading(entries: entries, attributes: types, reader: try files.reader())
        while true {
          let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard chunk < chunks else { return }
          advice?.renew()
          let tasks = tasks[chunk * filesPerChunk..<min((chunk + 1) * filesPerChunk, tasks.count)]
          reading.part.reserve(for: tasks)
          for task in tasks { reading.read(task.index, as: task.role) }
          let part = reading.part
          reading.part = TreePart()
          outcome.withLock { $0.parts[chunk] = part }
        }
      } catch {
        outcome.withLock { $0.error = error }
      }
    }
    return try outcome.withLock { outcome throws(FileAccessError) in
      if let error = outcome.error { throw error }
      return outcome.parts.compactMap(\.self)
    }
  }

  /// A tree of fewer files is read without starting threads.
  private static let filesPerChunk = 64
}
