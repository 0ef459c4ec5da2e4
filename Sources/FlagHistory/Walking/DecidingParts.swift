internal import Ensign
internal import FlagSource
internal import Git

/// A flag, the flags that it requires and the segments that all of them use, directly or through others.
struct DecidingParts {
  private let flag: String
  private let environment: String
  private(set) var flags: [String: PartState] = [:]
  private(set) var segments: [String: PartState] = [:]

  init(flag: String, environment: String) {
    self.flag = flag
    self.environment = environment
  }

  /// Reads the parts of a tree.
  mutating func read(_ tree: ObjectID?, _ explorer: TreeExplorer) throws(GitError) {
    var waitingFlags: Set<String> = [flag]
    var waitingSegments: Set<String> = []
    while !waitingFlags.isEmpty || !waitingSegments.isEmpty {
      var found = Uses()
      for (key, reading) in try explorer.flags(waitingFlags, in: tree) {
        let state = reading.state(in: environment)
        flags[key] = state
        if let value = state.value { found.add(flag: value) }
      }
      for (key, reading) in try explorer.segments(waitingSegments, in: tree) {
        segments[key] = reading.state
        if let value = reading.state.value { found.add(value["when"]) }
      }
      waitingFlags = found.flags.filter { flags[$0] == nil }
      waitingSegments = found.segments.filter { segments[$0] == nil }
    }
  }

  /// What the flag gives for a context.
  func answer(for context: Context, manifest: ManifestReading) -> FlagTimeline.Answer {
    if case .absent? = flags[flag] { return .absent }
    for key in flags.keys.sorted() { if let problem = flags[key]?.problem { return .unreadable(problem.text) } }
    for key in segments.keys.sorted() { if let problem = segments[key]?.problem { return .unreadable(problem.text) } }
    do throws(SnapshotError) {
      return .evaluation(try Snapshot(document(manifest).canonicalBytes).evaluate(flag, in: context))
    } catch {
      // A mistake between files: a variant or a segment that is not there.
      return .unreadable("\(error)")
    }
  }

  /// The snapshot of these parts alone.
  private func document(_ manifest: ManifestReading) -> JSONValue {
    func members(_ states: [String: PartState]) -> JSONValue {
      .object(states.compactMap { key, state in state.value.map { JSONValue.Member(key: key, value: $0) } })
    }
    let types = manifest.attributes.map { JSONValue.Member(key: $0.key, value: .string($0.value.type.rawValue)) }
    var document = [
      JSONValue.Member(key: "environment", value: .string(environment)),
      JSONValue.Member(key: "flags", value: members(flags)), JSONValue.Member(key: "format", value: .integer(1)),
      JSONValue.Member(key: "minimumReader", value: .integer(1)),
      JSONValue.Member(key: "project", value: .string(manifest.project)),
    ]
    if !types.isEmpty { document.append(JSONValue.Member(key: "attributes", value: .object(types))) }
    if !segments.isEmpty { document.append(JSONValue.Member(key: "segments", value: members(segments))) }
    return .object(document)
  }

  /// The flags and segments that compiled parts name.
  private struct Uses {
    var flags: Set<String> = []
    var segments: Set<String> = []

    mutating func add(flag: JSONValue) {
      for requirement in flag["requires"]?.array ?? [] {
        if let key = requirement["flag"]?.string { flags.insert(key) }
      }
      for rule in flag["rules"]?.array ?? [] { add(rule["when"]) }
    }

    mutating func add(_ condition: JSONValue?) {
      guard let condition else { return }
      for key in condition["segment"]?.array ?? [] { if let key = key.string { segments.insert(key) } }
      for word in ["all", "any"] { for inner in condition[word]?.array ?? [] { add(inner) } }
      add(condition["not"])
    }
  }
}

extension PartState {
  /// The mistake that makes the part unreadable.
  fileprivate var problem: Problem? {
    guard case .unreadable(let problem) = self else { return nil }
    return problem
  }
}
