import Ensign
import FlagHistory
import Git
import Testing

@Suite("The blame of flags")
struct FlagBlameTests {
  /// The commit that set a field of a flag, by reading every tree whole.
  private struct SlowBlame {
    let slow: SlowHistory
    let parents: [String: [String]]
    let part: SlowHistory.Part

    init(_ slow: SlowHistory, _ flag: String, _ environment: String) {
      self.slow = slow
      parents = Dictionary(uniqueKeysWithValues: slow.commits.map { ($0.id, $0.parents) })
      part = SlowHistory.Part(flag: flag, environment: environment)
    }

    /// The flag's object in a commit: nil when it is not there, `unreadable` when nobody knows.
    enum Reading {
      case absent, unreadable
      case flag(JSONValue)
    }

    func reading(_ commit: String) throws -> Reading {
      let tree = try slow.states(commit)
      if tree.unreadableFlags.contains(part.flag ?? "") { return .unreadable }
      switch tree.states[part] ?? .absent {
      case .absent: return .absent
      case .unreadable: return .unreadable
      case .json(let text): return .flag(try #require(try JSONValue(parsing: text).object?.first?.value))
      }
    }

    /// - Parameter owner: the oldest commit on the way that is known to have the value.
    func commit(_ field: (JSONValue) -> JSONValue?, from commit: String, owner: String) throws -> String {
      guard case .flag(let newest) = try reading(slow.commits[0].id) else { return "" }
      for parent in parents[commit] ?? [] {
        switch try reading(parent) {
        case .absent: continue
        case .unreadable: return try self.commit(field, from: parent, owner: owner)
        case .flag(let flag) where field(flag) == field(newest):
          return try self.commit(field, from: parent, owner: parent)
        case .flag: continue
        }
      }
      return owner
    }
  }

  private static func field(_ path: FieldPath) -> ((JSONValue) -> JSONValue?)? {
    switch path {
    case .enabled: { $0["enabled"] }
    case .off: { $0["off"] }
    case .otherwise: { $0["otherwise"] }
    case .metadata(let name): { $0["metadata"]?[name] }
    case .variant(let name): { $0["variants"]?[name] }
    case .targets(let variant): { $0["targets"]?.array?.first { $0["variant"]?.string == variant }?["keys"] }
    case .ruleOrder: { .array(($0["rules"]?.array ?? []).map { $0["name"] ?? .null }) }
    case .rule(let name, _, let part?):
      { flag in
        // Without the rule there is no such field; a rule without `when` has one that is empty.
        guard let rule = flag["rules"]?.array?.first(where: { $0["name"]?.string == name }) else { return nil }
        return rule[part.rawValue] ?? .null
      }
    default: nil
    }
  }

  @Test("names the commits that set each field", arguments: RandomHistory.seeds(from: 5000, count: 60))
  func isExact(seed: UInt64) throws {
    let slow = try SlowHistory(RandomHistory(seed: seed, commits: 14).repository)
    let head = slow.commits[0].id
    let git = try Repository(discovering: slow.repository.folder)
    let id = try git.resolve(head)
    let explorer = TreeExplorer(git, folder: "flags")
    for flag in RandomHistory.flags {
      for environment in RandomHistory.environments {
        let brute = SlowBlame(slow, flag, environment)
        switch (try FlagBlame(of: flag, in: environment, explorer).trace(from: id), try brute.reading(head)) {
        case (.absent, .absent), (.unreadable, .unreadable): break
        // Nobody knows whether a manifest that cannot be read has the environment.
        case (.absent, .unreadable) where try slow.states(head).environments.isEmpty: break
        case (.lines(let lines), .flag):
          #expect(lines.count >= 4)
          for line in lines {
            guard let field = Self.field(line.path) else { continue }
            let expected = try brute.commit(field, from: head, owner: head)
            #expect(line.commit.id.description == expected, "\(flag) \(environment) \(line.path.text)")
            #expect(!line.isCutOff)
          }
        case (let found, let expected): Issue.record("\(flag) \(environment): \(found), not \(expected)")
        }
      }
    }
  }
}
