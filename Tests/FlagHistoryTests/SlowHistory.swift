import Ensign
import FlagCompiler
import FlagHistory
import FlagSource
import Git
import Testing

/// The same answers the slow way: every tree of every commit is read whole, and compared with each of its parents.
final class SlowHistory {
  /// What a flag is in an environment, or a segment in all.
  enum State: Hashable {
    case absent
    case unreadable
    case json(String)
  }

  /// A flag in an environment, or a segment.
  struct Part: Hashable {
    var flag: String?
    var segment: String?
    var environment: String?
  }

  let repository: TemporaryRepository
  /// In the order of `git log`.
  let commits: [(id: String, parents: [String])]
  private var trees: [String: String] = [:]
  /// How many trees had no error, and were compared with their snapshots.
  private(set) var validTrees = 0
  private var known: [String: Tree] = [:]

  /// What is in a tree.
  struct Tree {
    var states: [Part: State] = [:]
    var environments: [String] = []
    /// The flags that are there under a manifest that cannot be read: nobody knows in which environments.
    var unreadableFlags: Set<String> = []
  }

  init(_ repository: TemporaryRepository, from revision: String = "main") throws {
    self.repository = repository
    var commits: [(id: String, parents: [String])] = []
    for line in try repository.git(["log", "--format=%H %T %P", revision]).split(separator: "\n") {
      let ids = line.split(separator: " ").map(String.init)
      trees[ids[0]] = ids[1]
      commits.append((ids[0], Array(ids.dropFirst(2))))
    }
    self.commits = commits
  }

  /// The commits that differ from every parent in one of these parts.
  func log(_ isWanted: (Part) -> Bool) throws -> [String] {
    try commits.filter { commit in
      let own = try states(commit.id)
      let others = commit.parents.isEmpty ? [Tree()] : try commit.parents.map(states)
      return others.allSatisfy { !Self.differences($0, own).filter(isWanted).isEmpty }
    }.map(\.id)
  }

  /// The parts in which two commits differ.
  static func differences(_ left: Tree, _ right: Tree) -> Set<Part> {
    func states(_ tree: Tree, _ environments: [String]) -> [Part: State] {
      var states = tree.states
      for flag in tree.unreadableFlags {
        for environment in environments { states[Part(flag: flag, environment: environment)] = .unreadable }
      }
      return states
    }
    let (before, after) = (states(left, right.environments), states(right, left.environments))
    return Set(before.keys).union(after.keys).filter { (before[$0] ?? .absent) != (after[$0] ?? .absent) }
  }

  /// What is in a commit.
  func states(_ commit: String) throws -> Tree {
    let tree = trees[commit] ?? ""
    if let states = known[tree] { return states }
    let states = try read(commit)
    known[tree] = states
    return states
  }

  private func read(_ commit: String) throws -> Tree {
    let git = try Repository(discovering: repository.folder)
    guard let files = try? CommitFiles(of: git.resolve(commit), folder: "flags", in: git) else { return Tree() }
    let reading = try TreeReader.read(files)
    var states: [Part: State] = [:]
    let keys = Self.keys(in: reading.files)
    guard let tree = reading.tree else {
      for key in keys.segments { states[Part(segment: key)] = .unreadable }
      return Tree(states: states, unreadableFlags: keys.flags)
    }
    let broken = Set(reading.findings.filter { $0.level == .error }.map { reading.files.path(of: $0.file) })
    for environment in tree.manifest.environments.map(\.value) {
      for key in keys.flags {
        states[Part(flag: key, environment: environment)] = Self.state(of: key, in: environment, reading, tree, broken)
      }
    }
    for key in keys.segments {
      let isBroken = tree.broken.segments.contains(key) || broken.contains { Self.is($0, key, below: "segments/") }
      let json = tree.segment(key).map { PartCompiler.compile($0) }
      states[Part(segment: key)] = isBroken ? .unreadable : json.map { .json($0.text) } ?? .absent
    }
    try compareWithSnapshots(files, states)
    return Tree(states: states, environments: tree.manifest.environments.map(\.value))
  }

  private static func keys(in files: FileTable) -> (flags: Set<String>, segments: Set<String>) {
    func keys(below folder: String) -> Set<String> {
      Set(
        files.paths.filter { $0.hasPrefix(folder) && $0.hasSuffix(".yaml") }.compactMap {
          $0.split(separator: "/").last.map { String($0.dropLast(5)) }
        })
    }
    return (keys(below: "definitions/"), keys(below: "segments/"))
  }

  private static func `is`(_ path: String, _ key: String, below folder: String) -> Bool {
    path.hasPrefix(folder) && path.hasSuffix("/\(key).yaml")
  }

  private static func state(
    of key: String, in environment: String, _ reading: TreeReading, _ tree: FlagsTree, _ broken: Set<String>
  ) -> State {
    if broken.contains(where: { Self.is($0, key, below: "definitions/") }) { return .unreadable }
    guard let definition = tree.definition(of: key), !definition.isArchived else { return .absent }
    if broken.contains(where: { Self.is($0, key, below: "environments/\(environment)/") }) { return .unreadable }
    return .json(PartCompiler.compile(definition, tree.config(of: key, in: environment)).text)
  }

  /// Of a tree without errors, the parts are those of its snapshots.
  private func compareWithSnapshots(_ files: CommitFiles, _ states: [Part: State]) throws {
    guard let checked = try Validation.run(files).checked else { return }
    validTrees += 1
    for environment in checked.tree.manifest.environments.map(\.value) {
      let snapshot = try JSONValue(parsing: SnapshotCompiler.compile(checked, environment: environment))
      let flags = states.filter { $0.key.environment == environment && $0.value != .absent }
      let compiled = snapshot["flags"]?.object ?? []
      #expect(compiled.count == flags.count)
      for member in compiled {
        let expected = JSONValue.object([member]).description
        #expect(states[Part(flag: member.key, environment: environment)] == .json(expected))
      }
      for member in snapshot["segments"]?.object ?? [] {
        #expect(states[Part(segment: member.key)] == .json(JSONValue.object([member]).description))
      }
    }
  }
}

extension SemanticChange {
  /// What changed, in the words of the slow history; nil for the project.
  var part: SlowHistory.Part? {
    switch subject {
    case .flag(let key): SlowHistory.Part(flag: key, environment: environment)
    case .segment(let key): SlowHistory.Part(segment: key)
    case .project: nil
    }
  }
}
