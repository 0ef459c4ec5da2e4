extension TreeReader {
  /// Reads a tree of which a few files were replaced, added or removed since it was read.
  ///
  /// Of a tree without errors only the replaced files are read again; the result is that of reading all.
  ///
  /// - Parameters:
  ///   - files: the tree as it is now, over the files that were read.
  ///   - reading: what reading those gave.
  package static func read(
    _ files: OverlaidFiles, after reading: TreeReading
  ) throws(FileAccessError) -> TreeReading {
    guard let tree = reading.tree, files.removed.isEmpty, !reading.findings.contains(where: { $0.level == .error }),
      let changed = positions(of: files.changes.keys, in: reading.entries)
    else { return try read(files) }
    var again = FileReading(entries: reading.entries, attributes: reading.types, reader: try files.reader())
    for index in changed { again.read(index, as: FileRole(reading.entries[index].path)) }
    let part = again.part
    let replaced = Set(changed.map { FileReference(index: $0) })
    /// The values of all files in their order: the old ones of files that stayed, the new ones of the others.
    func merged<Value>(_ old: [Value], _ new: [Value], by file: (Value) -> FileReference) -> [Value] {
      var rest = new[...]
      var all: [Value] = []
      all.reserveCapacity(old.count + new.count)
      for value in old where !replaced.contains(file(value)) {
        while let first = rest.first, file(first) < file(value) { all.append(rest.removeFirst()) }
        all.append(value)
      }
      return all + rest
    }
    return TreeReading(
      tree: FlagsTree(
        files: tree.files, manifest: tree.manifest, definitions: merged(tree.definitions, part.definitions, by: \.file),
        configs: merged(tree.configs, part.configs, by: \.file),
        segments: merged(tree.segments, part.segments, by: \.file), tests: merged(tree.tests, part.tests, by: \.file),
        broken: part.broken),
      files: reading.files,
      findings: merged(reading.findings, part.findings, by: \.file).sorted(by: Finding.reportOrder),
      suppressions: merged(reading.suppressions, part.suppressions, by: \.file), types: reading.types, source: files,
      entries: reading.entries)
  }

  /// The positions of some files, ascending; nil when one is not there, or is the manifest or a list of keys, on which
  /// others depend.
  private static func positions(
    of paths: some Sequence<[UInt8]>, in entries: [FileEntry]
  ) -> [Int]? {
    var positions: [Int] = []
    for path in paths {
      guard let index = entries.firstIndex(where: { $0.path == path }), entries[index].kind == .file else { return nil }
      switch FileRole(path) {
      case .definition, .config, .segment, .tests: positions.append(index)
      case .manifest, .other, .wrongExtension, .misplaced: return nil
      }
    }
    return positions.sorted()
  }
}
