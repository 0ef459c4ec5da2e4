import Ensign
import FlagCompiler
import FlagHistory
import FlagSource
import Git
import Testing

@Suite("The timeline of answers")
struct FlagTimelineTests {
  @Test(
    "is what each commit of the branch compiles to and evaluates to",
    arguments: RandomHistory.seeds(from: 7000, count: 60))
  func isExact(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, commits: 14)
    let git = try Repository(discovering: history.repository.folder)
    let head = try git.resolve("main")
    let branch = try history.repository.git(["log", "--first-parent", "--format=%H", "main"]).split(separator: "\n")
    let explorer = TreeExplorer(git, folder: "flags")
    for context: Context in [
      ["targetingKey": "u1", "country": "DE", "level": 1], ["targetingKey": "user-3", "country": "FR", "level": 5],
    ] {
      for flag in ["alpha", "beta"] {
        for environment in RandomHistory.environments {
          let entries = try Self.entries(
            FlagTimeline(of: flag, in: environment, for: context, from: head, explorer))
          #expect(!entries.isEmpty)
          for (newer, older) in zip(entries, entries.dropFirst()) { #expect(newer.answer != older.answer) }
          // Each entry counts from its commit to just before the one of the entry before.
          var waiting = entries[...]
          for commit in branch {
            let entry = try #require(waiting.first)
            if let expected = try Self.evaluate(String(commit), flag, environment, context, explorer) {
              #expect(entry.answer == expected, "\(flag) in \(environment) at \(commit)")
            }
            if entry.commit.id.description == commit { waiting.removeFirst() }
          }
          #expect(waiting.isEmpty)
        }
      }
    }
  }

  @Test(
    "is bisected: the last change between two commits, and how many there are",
    arguments: RandomHistory.seeds(from: 7000, count: 20))
  func bisect(seed: UInt64) throws {
    let history = try RandomHistory(seed: seed, commits: 14)
    let git = try Repository(discovering: history.repository.folder)
    let log = try history.repository.git(["log", "--first-parent", "--format=%H", "main"])
    let branch = try log.split(separator: "\n").map { try #require(ObjectID(hexadecimal: String($0))) }
    let explorer = TreeExplorer(git, folder: "flags")
    let context: Context = ["targetingKey": "u1", "country": "DE", "level": 1]
    for flag in ["alpha", "beta"] {
      let timeline = try Self.entries(FlagTimeline(of: flag, in: "staging", for: context, from: branch[0], explorer))
      // What was given at each commit: a timeline's entry counts from its commit on.
      var waiting = timeline[...]
      var answers: [FlagTimeline.Answer] = []
      for commit in branch {
        let entry = try #require(waiting.first)
        answers.append(entry.answer)
        if entry.commit.id == commit { waiting.removeFirst() }
      }
      for oldest in branch.indices {
        let found = try FlagBisect(
          of: flag, in: "staging", for: context, from: branch[oldest], to: branch[0], explorer)
        let changes = (0..<oldest).filter { answers[$0] != answers[$0 + 1] }
        #expect(found.changes == changes.count)
        #expect(found.answer == answers[0])
        #expect(found.earlier == changes.first.map { answers[$0 + 1] })
        if let last = changes.first { #expect(found.commit.id == branch[last]) }
      }
      let whole = try FlagBisect(of: flag, in: "staging", for: context, from: nil, to: branch[0], explorer)
      #expect(whole.changes == nil)
      #expect(whole.commit.id == timeline[0].commit.id)
      #expect(whole.earlier == timeline.dropFirst().first?.answer)
    }
    if let other = history.commits.lazy.compactMap(ObjectID.init(hexadecimal:)).first(where: { !branch.contains($0) }) {
      #expect(throws: FlagBisect.Failure.self) {
        try FlagBisect(of: "alpha", in: "staging", for: context, from: other, to: branch[0], explorer)
      }
    }
  }

  private static func entries(_ timeline: FlagTimeline) throws -> [FlagTimeline.Entry] {
    var timeline = timeline
    var entries: [FlagTimeline.Entry] = []
    while let entry = try timeline.nextEntry() { entries.append(entry) }
    return entries
  }

  /// What a commit's own snapshot gives; nil when its tree cannot be compiled.
  private static func evaluate(
    _ commit: String, _ flag: String, _ environment: String, _ context: Context, _ explorer: TreeExplorer
  ) throws -> FlagTimeline.Answer? {
    let id = try #require(ObjectID(hexadecimal: commit))
    guard let files = try? CommitFiles(of: id, folder: "flags", in: explorer.repository) else { return .absent }
    guard let checked = try Validation.run(files).checked else { return nil }
    guard checked.tree.manifest.environments.contains(where: { $0.value == environment }) else { return .absent }
    let snapshot = try SnapshotCompiler.compileAndLoad(checked, environment: environment).snapshot
    return snapshot.flagKeys.contains(flag) ? .evaluation(snapshot.evaluate(flag, in: context)) : .absent
  }
}
