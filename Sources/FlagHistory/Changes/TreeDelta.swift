internal import Git

/// Whom the files that differ between two flags trees belong to, by their paths alone.
struct TreeDelta {
  private(set) var hasManifest = false
  private(set) var flags: Set<String> = []
  /// The files of flags that differ, by key.
  private(set) var flagFiles: [String: [FileDifference]] = [:]
  private(set) var segments: Set<String> = []
  /// The folders with a segment's list of keys that differs, as trees before and after.
  private(set) var listFolders: [(before: ObjectID?, after: ObjectID?)] = []

  /// The folders of files that differ and that are on both sides, with what differs in each.
  private(set) var folders: [FolderDifference] = []

  var isEmpty: Bool { !hasManifest && flags.isEmpty && segments.isEmpty && listFolders.isEmpty }

  /// Two versions of a folder.
  struct FolderDifference {
    var before: ObjectID
    var after: ObjectID
    var entries: [TreeDifference]
  }

  /// A file of a flag that differs.
  struct FileDifference {
    var path: String
    /// Nil when there was none.
    var before: FoundFile?
    /// Nil when there is none any more.
    var after: FoundFile?
  }

  /// The environments in which a flag may differ by its own files; nil for all, as its definition may.
  func environments(ofFlag key: String) -> Set<String>? {
    var environments: Set<String> = []
    for file in flagFiles[key] ?? [] {
      guard let environment = FoundFile.environment(ofPath: file.path) else { return nil }
      environments.insert(environment)
    }
    return environments
  }

  /// Compares two trees, reading only folders that differ and that the scope asks about.
  init(
    from before: ObjectID?, to after: ObjectID?, within scope: HistoryScope, in repository: borrowing Repository
  ) throws(GitError) {
    let differences = try repository.differences(of: before, after)
    note(differences, between: before, after)
    for difference in differences {
      switch difference.name {
      case "ensign.yaml": hasManifest = true
      case "definitions" where scope.includesFlags, "environments" where scope.includesFlags:
        try collect(difference, difference.name + "/", repository) { delta, path, inner, _, _ in
          delta.add(path, inner, scope)
        }
      case "segments" where scope.includesSegments:
        try collect(difference, "segments/", repository) { delta, _, inner, before, after in
          let key = TreeExplorer.key(ofFile: inner.name)
          if let key, scope.includes(segment: key) { delta.segments.insert(key) }
          if key == nil { delta.listFolders.append((before, after)) }
        }
      default: break
      }
    }
  }

  /// What a watch of a flag's files has found, in the same words.
  init(_ differences: FileWatch.Differences, ofFlag key: String) {
    hasManifest = differences.hasTopFiles
    for file in differences.files {
      // A flags tree has nothing in folders with such names.
      let folders = file.folder.split(separator: "/")
      if folders.contains(where: { $0.hasPrefix(".") || $0.hasSuffix(".yaml") }) || !file.difference.isFile { continue }
      add(file.folder + "/" + file.difference.name, file.difference, HistoryScope(flag: key))
    }
  }

  /// What a first commit has of a flag.
  ///
  /// - Parameters:
  ///   - files: of the flag.
  ///   - hasManifest: whether there is a manifest.
  init(adding files: [FoundFile], ofFlag key: String, hasManifest: Bool) {
    self.hasManifest = hasManifest
    if files.isEmpty { return }
    flags = [key]
    flagFiles = [key: files.map { FileDifference(path: $0.path, before: nil, after: $0) }]
  }

  private mutating func add(_ path: String, _ file: TreeDifference, _ scope: HistoryScope) {
    guard let key = TreeExplorer.key(ofFile: file.name), scope.includes(flag: key) else { return }
    flags.insert(key)
    func found(_ entry: TreeEntry?) -> FoundFile? {
      entry?.file.map { FoundFile(path: path, kind: $0.kind, id: $0.id) }
    }
    flagFiles[key, default: []].append(FileDifference(path: path, before: found(file.before), after: found(file.after)))
  }

  private mutating func note(_ differences: [TreeDifference], between before: ObjectID?, _ after: ObjectID?) {
    guard let before, let after else { return }
    folders.append(FolderDifference(before: before, after: after, entries: differences))
  }

  /// Calls `visit` with the path of each file that differs, and the folders that it is in.
  private mutating func collect(
    _ difference: TreeDifference, _ path: String, _ repository: borrowing Repository,
    _ visit: (inout TreeDelta, _ path: String, TreeDifference, _ before: ObjectID?, _ after: ObjectID?) -> Void
  ) throws(GitError) {
    let before = difference.before?.folder
    let after = difference.after?.folder
    let differences = try repository.differences(of: before, after)
    note(differences, between: before, after)
    for inner in differences where !inner.name.hasPrefix(".") {
      if inner.isFile { visit(&self, path + inner.name, inner, before, after) }
      if inner.isFolder { try collect(inner, path + inner.name + "/", repository, visit) }
    }
  }
}

extension TreeEntry {
  /// The tree of a folder.
  fileprivate var folder: ObjectID? { isFolder ? id : nil }

  /// The entry, unless it is a folder.
  fileprivate var file: TreeEntry? { isFolder ? nil : self }
}

extension TreeDifference {
  fileprivate var isFolder: Bool { before?.isFolder == true || after?.isFolder == true }

  /// Whether a file or its content differs; the permission to run it means nothing.
  fileprivate var isFile: Bool {
    let (old, new) = (before?.file, after?.file)
    guard let old, let new else { return old != nil || new != nil }
    return old.id != new.id || old.kind.isRegular != new.kind.isRegular
  }
}

extension TreeEntry.Kind {
  fileprivate var isRegular: Bool { self == .blob || self == .executable }
}
