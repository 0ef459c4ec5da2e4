internal import FlagEditor
internal import FlagHistory
internal import FlagSource
internal import YAML

/// A plan carried out in memory, and the tree that comes of it, which has no errors.
struct PreparedEdit {
  let plan: EditPlan
  /// The files that change; none when there is nothing to do.
  let files: [EditedFile]
  /// The tree afterwards; where there is nothing to do, as it is.
  let source: CheckedSource
  /// What means something else afterwards.
  let changes: [SemanticChange]

  /// Plans for a tree, edits its files in memory, and checks the whole that comes of it.
  ///
  /// - Throws: when a file cannot be edited safely, and, after reporting them, when the tree has errors afterwards.
  init(
    of files: some FlagFiles, at location: TreeLocation, in session: Session, _ planner: Planner
  ) throws(CommandError) {
    let reading = try Self.reading(files) { files throws(FileAccessError) in try TreeReader.read(files) }
      .get(in: location)
    guard let tree = reading.tree else {
      throw .refused("ensign.yaml has errors without which nothing else can be read", help: "see 'ensign validate'")
    }
    plan = try planner(tree, reading)
    var overlay = OverlaidFiles(over: files)
    var edited: [EditedFile] = []
    for edit in plan.edits {
      let file = try EditedFile(edit, in: reading, of: tree, at: location)
      if file.before == file.after { continue }
      edited.append(file)
      if let after = file.after {
        overlay.replace(Array(file.path.utf8), by: after)
      } else {
        overlay.remove(Array(file.path.utf8))
      }
    }
    self.files = edited
    let validation = try Self.reading(overlay) { files throws(FileAccessError) in
      Validation(of: try TreeReader.read(files, after: reading), today: .today())
    }.get(in: location)
    do throws(CommandError) {
      source = try session.checkedSource(of: (location, validation, commit: nil))
    } catch {
      throw .refused("the tree has these errors then; nothing was written", help: "see to them first")
    }
    let environments = plan.environment.map { [$0] } ?? source.tree.manifest.environments.map(\.value)
    changes = TreeComparison.changes(
      of: plan.subject, in: environments, from: tree, to: source.tree, prefix: location.pathPrefix)
  }

  private static func reading<Files: FlagFiles, Value>(
    _ files: Files, _ body: (Files) throws(FileAccessError) -> Value
  ) -> Result<Value, FileAccessError> {
    Result { () throws(FileAccessError) in try body(files) }
  }
}

extension Result where Failure == FileAccessError {
  /// The value, or the failure as the end of a command.
  fileprivate func get(in location: TreeLocation) throws(CommandError) -> Success {
    switch self {
    case .success(let value): return value
    case .failure(let error): throw .unreadable(error, in: location)
    }
  }
}

extension EditedFile {
  /// Carries out an edit in memory.
  fileprivate init(
    _ edit: FileEdit, in reading: TreeReading, of tree: FlagsTree, at location: TreeLocation
  ) throws(CommandError) {
    path = edit.path
    change = edit.change
    let old: [UInt8]?
    do throws(FileAccessError) {
      old = try tree.files.file(at: edit.path).map { file throws(FileAccessError) in try reading.bytes(of: file) }
    } catch {
      throw .unreadable(error, in: location)
    }
    before = old
    after = try Self.applying(edit.change, to: old, name: location.pathPrefix + edit.path)
  }

  /// What a change makes of a file's bytes, which are nil where there is no file.
  static func applying(
    _ change: FileEdit.Change, to bytes: [UInt8]?, name: String
  ) throws(CommandError) -> [UInt8]? {
    switch (change, bytes) {
    case (.edit(let body), let bytes?):
      do throws(FlagEditError) {
        return try body(bytes)
      } catch {
        throw .edit(error, in: name)
      }
    case (.edit, nil): throw .environment("there is no \(name) any more")
    case (.create(let new), nil): return new
    case (.create, _?): throw .refused("\(name) exists already; nothing was written")
    case (.remove, _): return nil
    }
  }
}

extension CommandError {
  /// A file that was not edited.
  static func edit(_ error: FlagEditError, in file: String) -> Self {
    let place = error.range.map { ":\($0.start.line):\($0.start.column)" } ?? ""
    return Self(status: .findings, message: "\(file)\(place): \(error.message)", help: error.help)
  }
}
