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
  private var unknownEnvironments: Set<[UInt8]> = []

  init(_ entries: [FileEntry], environments: [String]?) {
    self.entries = entries
    self.environments = environments
  }

  /// Finds what each file is.
  ///
  /// - Parameter missing: the position of the manifest when there is none.
  mutating func classify(missing: Int?) {
    let names = environments.map { $0.map { Array($0.utf8) } }
    let closedFolders = entries.filter { $0.kind == .folder }.map { $0.path + [UInt8(ascii: "/")] }
    let entries = entries
    for index in entries.indices where index != missing {
      let place = Place.start(of: FileReference(index: index))
      guard !closedFolders.contains(where: { entries[index].path.starts(with: $0) }) else { continue }
      switch entries[index].kind {
      case .folder: findings.append(.folderNamedYAML(at: place))
      case .symbolicLink: findings.append(.symbolicLink(at: place))
      case .other: findings.append(.unreadableEntry(at: place))
      case .file: classify(index, at: place, names)
      }
    }
  }

  private mutating func classify(_ index: Int, at place: Place, _ names: [[UInt8]]?) {
    let path = entries[index].path
    let role = FileRole(path)
    let task = Task(file: FileReference(index: index), role: role)
    switch role {
    case .manifest, .other: break
    case .definition, .segment: definitions.append(task)
    case .tests: tests.append(task)
    case .config:
      let environment = FileRole.environment(of: path)
      if let names, !names.contains(where: { $0.elementsEqual(environment) }) {
        guard unknownEnvironments.insert(Array(environment)).inserted else { return }
        let name = String(decoding: environment, as: UTF8.self)
        findings.append(.unknownEnvironmentFolder(name, environments: environments ?? [], at: place))
      } else {
        configs.append(task)
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
