import FlagHistory
import FlagSource
import Foundation
import Git
import Testing

@Suite("The log of flags")
struct FlagLogTests {
  private func entries(
    _ repository: TemporaryRepository, _ scope: HistoryScope = HistoryScope(), filter: FlagLog.Filter = .init(),
    expecting expected: Int = .max, alone: Int = 3
  ) throws -> [CommitChanges] {
    let git = try Repository(discovering: repository.folder)
    let head = try git.resolve("main")
    var log = try FlagLog(
      from: head, TreeExplorer(git, folder: "flags"), within: scope, filter: filter, expecting: expected, alone: alone)
    var entries: [CommitChanges] = []
    while let entry = try log.next() { entries.append(entry) }
    #expect(log.cutOffs.isEmpty)
    return entries
  }

  @Test(
    "names exactly the commits after which something compiles differently, and what each of them changed",
    arguments: RandomHistory.seeds(from: 0, count: 100))
  func isExact(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, commits: 14)
    // Loose objects, packed ones, and packed ones with a commit-graph, every second one with Bloom filters.
    if seed % 3 > 0 { try history.repository.git(["repack", "-a", "-d", "-f", "--quiet"]) }
    let filters = seed % 2 > 0 ? ["--changed-paths"] : []
    if seed % 3 > 1 { try history.repository.git(["commit-graph", "write", "--reachable"] + filters) }
    let slow = try SlowHistory(history.repository)
    for flag in RandomHistory.flags {
      let found = try entries(history.repository, HistoryScope(flag: flag)).map(\.commit.id.description)
      #expect(try found == slow.log { $0.flag == flag }, "\(flag)")
    }
    for segment in RandomHistory.segments {
      let found = try entries(history.repository, HistoryScope(segment: segment)).map(\.commit.id.description)
      #expect(try found == slow.log { $0.segment == segment }, "\(segment)")
    }
    let inProduction = HistoryScope(flag: "alpha", environment: "production")
    let found = try entries(history.repository, inProduction).map(\.commit.id.description)
    #expect(try found == slow.log { $0.flag == "alpha" && $0.environment == "production" })
    try expectComplete(entries(history.repository), slow)
  }

  private func expectComplete(_ entries: [CommitChanges], _ slow: SlowHistory) throws {
    let listed = Set(entries.map(\.commit.id.description))
    for commit in try slow.log({ _ in true }) { #expect(listed.contains(commit)) }
    for entry in entries {
      let own = try slow.states(entry.commit.id.description)
      let before = try entry.commit.parents.first.map { try slow.states($0.description) } ?? SlowHistory.Tree()
      #expect(Set(entry.changes.compactMap(\.part)) == SlowHistory.differences(before, own))
      for change in entry.changes {
        #expect(!change.text.isEmpty)
        #expect(change.before != change.after || change.path == .whole)
      }
    }
  }

  @Test("takes no file for the flag's that lies in a folder that a flags tree does not have")
  func otherFolders() throws {
    let repository = try TemporaryRepository()
    let flag = "type: boolean\nvariants: {on: true, off: false}\noff: off\nowner: payments\n"
    try repository.write(
      [
        ("ensign.yaml", "format: 1\nproject: shop\nenvironments: [production]\n"),
        ("definitions/a.yaml", flag),
      ], below: "flags/")
    try repository.commit("new")
    for path in [
      "definitions/.old/a.yaml", "definitions/0.yaml/a.yaml", "environments/.a/a.yaml", "tests/a.yaml", "other/a.yaml",
      "definitions/.a.yaml", "definitions/team/b.yaml",
    ] {
      for owner in ["growth", "checkout"] {
        try repository.write([(path, flag.replacing("payments", with: owner))], below: "flags/")
        try repository.commit(path)
      }
    }
    try repository.git(["mv", "flags/definitions/a.yaml", "flags/definitions/team/a.yaml"])
    try repository.commit("moved")
    try repository.write([("definitions/team/a.yaml", flag.replacing("off: off", with: "off: on"))], below: "flags/")
    try repository.commit("changed")
    let slow = try SlowHistory(repository).log { $0.flag == "a" }
    for alone in [0, 3, .max] {
      let found = try entries(repository, HistoryScope(flag: "a"), alone: alone)
      #expect(found.map(\.commit.id.description) == slow)
      #expect(found.map(\.commit.message.first) == ["c", "n"])
    }
  }

  @Test("ends with an error where a commit or a folder is missing, never early without one", arguments: [true, false])
  func missing(isWhole: Bool) throws {
    let scope = HistoryScope(flag: isWhole ? nil : "a")
    #expect(try entries(TemporaryRepository.ofFiveChanges(), scope).count == 5)
    for name in ["main~2", "main~2^{tree}", "main~2:flags", "main~2:flags/definitions", "main~4:flags/ensign.yaml"] {
      let repository = try TemporaryRepository.ofFiveChanges()
      let id = try repository.git(["rev-parse", name])
      try FileManager.default.removeItem(atPath: repository.folder + "/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
      #expect(throws: GitError.self, "\(name)") { try entries(repository, scope) }
    }
  }

  @Test("is the same when another thread reads ahead", arguments: RandomHistory.seeds(from: 400, count: 40))
  func readingAhead(seed: UInt64) throws {
    let repository = try RandomHistory(seed: seed, commits: 24).repository
    if seed % 2 > 0 { try repository.git(["repack", "-a", "-d", "-f", "--quiet"]) }
    func told(alone: Int, _ filter: FlagLog.Filter, expecting expected: Int = .max) throws -> [String] {
      try entries(repository, filter: filter, expecting: expected, alone: alone)
        .map { "\($0.commit) \($0.signature) \($0.changes)" }
    }
    for filter in [FlagLog.Filter(), FlagLog.Filter(since: 1_700_000_300)] {
      let expected = try told(alone: .max, filter)
      for alone in [0, 5] { #expect(try told(alone: alone, filter) == expected) }
      // More are asked for than were expected.
      for count in [1, 2, 5] { #expect(try told(alone: 0, filter, expecting: count) == expected) }
    }
  }

  @Test("ends at the same place with the same error when another thread reads ahead")
  func missingAhead() throws {
    for name in [
      "main~2", "main~2^{tree}", "main~2:flags", "main~2:flags/definitions", "main~2:flags/definitions/a.yaml",
      "main~4:flags/ensign.yaml",
    ] {
      let repository = try TemporaryRepository.ofFiveChanges()
      let id = try repository.git(["rev-parse", name])
      try FileManager.default.removeItem(atPath: repository.folder + "/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
      func outcome(alone: Int) throws -> (count: Int, error: GitError) {
        let git = try Repository(discovering: repository.folder)
        var log = try FlagLog(
          from: git.resolve("main"), TreeExplorer(git, folder: "flags"), within: HistoryScope(), alone: alone)
        var count = 0
        do throws(GitError) {
          while try log.next() != nil { count += 1 }
        } catch {
          return (count, error)
        }
        throw TemporaryRepository.Failure(description: "\(name) is not missed")
      }
      let expected = try outcome(alone: .max)
      for alone in [0, 1] { #expect(try outcome(alone: alone) == expected, "\(name)") }
    }
  }

  @Test("is of the commits as they were made, whatever replaces them now")
  func replacements() throws {
    let repository = try TemporaryRepository.ofFiveChanges()
    let expected = try entries(repository).map(\.commit.id)
    try repository.git(["replace", "main~1", "main~3"])
    try repository.git(["replace", "--graft", "main~2"])
    #expect(try entries(repository).map(\.commit.id) == expected)
  }

  @Test("is compared with trees that are in order, not only with broken ones")
  func validTrees() throws {
    var (all, valid) = (0, 0)
    for seed in UInt64(0)..<10 {
      let slow = try SlowHistory(RandomHistory(seed: seed, commits: 14).repository)
      for commit in slow.commits { _ = try slow.states(commit.id) }
      valid += slow.validTrees
      all += slow.commits.count
    }
    #expect(valid * 8 >= all, "\(valid) of \(all) trees are in order")
  }
}
