/// What reading a flags tree gave.
package struct TreeReading: Sendable {
  /// Everything that could be understood; nil when `ensign.yaml` is missing, or its project or environments cannot be
  /// read.
  package var tree: FlagsTree?
  /// The paths of all files, also without a tree.
  package var files: FileTable
  /// What is wrong with the files, each on its own, in the order of reports.
  package var findings: [Finding]
  /// The comments that take findings back, in the order of files and places.
  package var suppressions: [Suppression]
  /// The types of the attributes that the manifest declares, and of those built in.
  let types: AttributeTypes
  private let source: any FlagFiles
  /// The files, in the order of ``files``.
  let entries: [FileEntry]

  init(
    tree: FlagsTree?, files: FileTable, findings: [Finding], suppressions: [Suppression], types: AttributeTypes,
    source: any FlagFiles, entries: [FileEntry]
  ) {
    self.tree = tree
    self.files = files
    self.findings = findings
    self.suppressions = suppressions
    self.types = types
    self.source = source
    self.entries = entries
  }

  /// The files with errors of their own: what was not read from them may be anything.
  var filesWithErrors: Set<FileReference> { findings.filesWithErrors }

  /// Reads the bytes of a file again, to show its lines beside a finding.
  package func bytes(of file: FileReference) throws(FileAccessError) -> [UInt8] {
    let entry = entries[Int(file.index)]
    guard entry.kind == .file else {
      throw FileAccessError(.failed, path: entry.path.text, message: "it is not a regular file")
    }
    var reader = try source.reader()
    var bytes: [UInt8] = []
    try reader.read(entry, limit: IncludedKeys.greatestSize, into: &bytes)
    return bytes
  }

  /// Reads the text of a file again; what is not UTF-8 in it becomes U+FFFD.
  package func text(of file: FileReference) throws(FileAccessError) -> String { try bytes(of: file).text }
}
