/// What each file of a tree is by its path, and what lies where it should not.
struct TreeLayout {
  /// A file to read.
  struct Task {
    let file: FileReference
    let role: FileRole
  }

  private let entries: [FileEntry]
  /// Nil when the manifest could not be read: then every folder below `environments/` may be one.
  private let environments: [String]?
  /// The definitions and segments, in the order of their paths: what other files refer to.
  private(set) var definitions: [Task] = []
  /// The configs, in the order of their paths.
  private(set) var configs: [Task] = []
  /// The tests, in the order of their paths.
  private(set) var tests: [Task] = []
  private(set) var findings: [Finding] = []

  init(_ entries: [FileEntry], environments: [String]?) {
    self.entries = entries
    self.environments = environments
  }

  /// Finds what each file is.
  ///
  /// - Parameter missing: the position of the manifest when there is none.
  mutating func classify(missing: Int?) {
    let names = environments.map { $0.map { Array($0.utf8) } }
    let entries = entries
    var closedFolders: [[UInt8]] = []
    for index in entries.indices where entries.span[index].kind == .folder {
      closedFolders.append(entries[index].path + [UInt8(ascii: "/")])
    }
    let size = Self.filesPerPart
    // A small tree is done before a thread would be.
    if entries.count <= size {
      take([Self.classify(entries.indices, of: entries, missing: missing, closedFolders, names)])
    } else {
      take(
        Threads.map((entries.count + size - 1) / size) { [closedFolders] part in
          let range = part * size..<min((part + 1) * size, entries.count)
          return Self.classify(range, of: entries, missing: missing, closedFolders, names)
        })
    }
  }

  /// So many files are looked at before another thread has started.
  private static var filesPerPart: Int { 8_000 }

  /// What some neighbouring files are.
  fileprivate struct Part: Sendable {
    var definitions: [Task] = []
    var configs: [Task] = []
    var tests: [Task] = []
    var findings: [Finding] = []
    /// Folders in `environments` that the manifest does not know, with the place of the first file in them.
    var unknownEnvironments: [(name: [UInt8], place: Place)] = []
  }

  private mutating func take(_ parts: [Part]) {
    var unknown: Set<[UInt8]> = []
    for part in parts {
      definitions += part.definitions
      configs += part.configs
      tests += part.tests
      findings += part.findings
      for (name, place) in part.unknownEnvironments where unknown.insert(name).inserted {
        findings.append(.unknownEnvironmentFolder(name.text, environments: environments ?? [], at: place))
      }
    }
  }

  private static func classify(
    _ range: Range<Int>, of entries: [FileEntry], missing: Int?, _ closedFolders: [[UInt8]], _ names: [[UInt8]]?
  ) -> Part {
    var part = Part()
    for index in range where index != missing {
      let place = Place.start(of: FileReference(index: index))
      let path = entries.span[index].path
      guard !closedFolders.contains(where: { path.starts(with: $0) }) else { continue }
      switch entries.span[index].kind {
      case .folder: part.findings.append(.folderNamedYAML(at: place))
      case .symbolicLink: part.findings.append(.symbolicLink(at: place))
      case .other: part.findings.append(.unreadableEntry(at: place))
      case .file: part.add(path, at: place, names)
      }
    }
    return part
  }
}

extension TreeLayout.Part {
  /// Adds a file.
  ///
  /// - Parameter names: those of the environments, if they are known.
  fileprivate mutating func add(_ path: [UInt8], at place: Place, _ names: [[UInt8]]?) {
    let role = FileRole(path)
    let task = TreeLayout.Task(file: place.file, role: role)
    switch role {
    case .manifest, .other: break
    case .definition, .segment: definitions.append(task)
    case .tests: tests.append(task)
    case .config:
      let environment = FileRole.environment(of: path)
      guard let names, !names.contains(where: { $0.elementsEqual(environment) }) else { return configs.append(task) }
      if unknownEnvironments.last?.name.elementsEqual(environment) != true {
        unknownEnvironments.append((Array(environment), place))
      }
    case .wrongExtension:
      findings.append(.wrongExtension(Self.lastComponent(of: path), at: place))
    case .misplaced:
      findings.append(.misplacedFile(path.text, nearest: Self.nearestPlace(to: path.text), at: place))
    }
  }

  private static func lastComponent(of path: [UInt8]) -> String {
    (path.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? path).text
  }

  /// Where a misplaced file most likely belongs, by the name of its first folder.
  private static func nearestPlace(to path: String) -> String? {
    guard let slash = path.firstIndex(of: "/") else {
      return NearestName.find(path, among: ["ensign.yaml"])
    }
    let top = String(path[..<slash])
    guard top != "environments" else { return "environments/<environment>\(path[slash...])" }
    return NearestName.find(top, among: FileRole.folders).map { $0 + path[slash...] }
  }
}
