import Foundation
import SeededRandom
import Testing

@testable import Git

@Suite("Walks that watch files")
struct WatchedWalkTests {
  private static let watch = FileWatch(
    in: "top", topFiles: ["project"], file: "watched", below: ["one", "two"])

  /// Commits with merges, each of which changes a few files, packed by stock git or in loose objects.
  private func history(seed: UInt64, commits: Int = 1000, isPacked: Bool = true) throws -> TemporaryRepository {
    let temporary = try TemporaryRepository()
    var random = SplitMix64(seed: seed)
    func pick(_ count: UInt64) -> Int { Int(random.next() % count) }
    var stream = ""
    for number in 1...commits {
      stream += "commit refs/heads/main\nmark :\(number)\n"
      stream += "committer A <a@example.com> \(1_700_000_000 + number / 3 * 60) +0000\ndata 1\nx\n"
      if number > 1 { stream += "from :\(max(1, number - 1 - pick(3)))\n" }
      if number > 9, pick(8) == 0 { stream += "merge :\(number - 4 - pick(5))\n" }
      for _ in 0...pick(2) {
        let name = pick(40) == 0 ? "watched" : "file-\(pick(100))"
        let paths = [
          "top/one/\(name)", "top/two/\(pick(3))/\(name)", "other/\(name)", "top/three/\(name)", "top/project",
        ]
        let path = paths[pick(40) == 0 ? 4 : pick(4)]
        let text = "\(random.next())\n"
        stream += pick(6) == 0 ? "D \(path)\n" : "M 100644 inline \(path)\ndata \(text.utf8.count)\n\(text)"
      }
    }
    let unpackLimit = isPacked ? 1 : 1_000_000
    try temporary.git(
      "-c", "fastimport.unpackLimit=\(unpackLimit)", "fast-import", "--quiet", "--force", input: stream)
    if isPacked { try temporary.git("repack", "-a", "-d", "-f", "--quiet") }
    return temporary
  }

  private struct Outcome: Equatable {
    var steps: [String] = []
    var error: GitError?
  }

  /// What a walk tells, until it ends or fails.
  private func outcome(_ temporary: TemporaryRepository, alone: Int, limit: Int = .max) throws -> Outcome {
    let repository = try Repository(discovering: temporary.folder)
    let walk = try WatchedWalk(from: repository.resolve("main"), watching: Self.watch, in: repository, alone: alone)
    var outcome = Outcome()
    do throws(GitError) {
      while outcome.steps.count < limit, let step = try walk.next(in: repository) {
        outcome.steps.append("\(step.walked.commit.id) \(step.findings)")
      }
    } catch {
      outcome.error = error
    }
    return outcome
  }

  @Test("tell the same on one thread and on two, and all that git lists", arguments: UInt64(0)..<4)
  func threads(seed: UInt64) throws {
    let temporary = try history(seed: seed)
    let expected = try outcome(temporary, alone: .max)
    #expect(expected.error == nil)
    let listed = try temporary.git("log", "--format=%H", "main").split(separator: "\n").map(String.init)
    #expect(expected.steps.map { String($0.prefix(40)) } == listed)
    #expect(listed.count > 300)
    for finding in ["same", "unrelated", "differs"] {
      #expect(expected.steps.contains { $0.contains(finding) }, "\(finding)")
    }
    for alone in [0, 7, 200] { #expect(try outcome(temporary, alone: alone) == expected) }
    // One that is given up ends its thread.
    #expect(try outcome(temporary, alone: 0, limit: 100).steps == Array(expected.steps.prefix(100)))
  }

  @Test("tell what git diff-tree does", arguments: UInt64(40)..<42)
  func differences(seed: UInt64) throws {
    let temporary = try history(seed: seed)
    let repository = try Repository(discovering: temporary.folder)
    let walk = try WatchedWalk(from: repository.resolve("main"), watching: Self.watch, in: repository)
    var found: [String: FileWatch.Finding] = [:]
    while let step = try walk.next(in: repository) {
      for (parent, finding) in zip(step.walked.parentTrees, step.findings) {
        found["\(parent) \(step.walked.commit.tree)"] = finding
      }
    }
    let pairs = found.keys.sorted()
    let lines = try temporary.git(
      "diff-tree", "--stdin", "-r", "--no-renames", input: pairs.joined(separator: "\n") + "\n")
    var files: [String: [String]] = [:]
    var pair = ""
    for line in lines.split(separator: "\n").map(String.init) {
      if line.hasPrefix(":") { files[pair, default: []].append(line) } else { pair = line }
    }
    #expect(pairs.count > 300)
    for pair in pairs {
      let (finding, lines) = (try #require(found[pair]), files[pair] ?? [])
      if finding == .cameOrWent {
        let kinds = Set(lines.filter { $0.contains("\ttop/") }.compactMap { $0.split(separator: "\t")[0].last })
        #expect(kinds == ["A"] || kinds == ["D"], "\(pair)")
      } else {
        #expect(Self.summary(finding) == Self.summary(lines), "\(pair)")
      }
    }
  }

  /// A finding in the form of git's raw differences.
  private static func summary(_ finding: FileWatch.Finding) -> [String] {
    func summary(_ file: FileWatch.File) -> String {
      let none = String(repeating: "0", count: 40)
      let ids = [file.difference.before, file.difference.after].map { $0?.id.description ?? none }
      return "\(ids.joined(separator: " ")) \(file.folder)/\(file.difference.name)"
    }
    switch finding {
    case .same: return ["same"]
    case .unrelated: return ["unrelated"]
    case .differs(let all): return all.files.map(summary).sorted() + (all.hasTopFiles ? ["project"] : [])
    case .cameOrWent: return []
    }
  }

  /// What of git's raw differences is watched.
  private static func summary(_ lines: [String]) -> [String] {
    let differences = lines.map { $0.split(separator: "\t") }.filter { $0[1].hasPrefix("top/") }
    if differences.isEmpty { return ["same"] }
    let files = differences.filter { fields in
      let folders = fields[1].split(separator: "/")
      return ["one", "two"].contains(folders[1]) && folders.last == "watched"
    }.map { $0[0].split(separator: " ")[2...3].joined(separator: " ") + " " + $0[1].dropFirst(4) }
    let hasProject = differences.contains { $0[1] == "top/project" }
    return files.isEmpty && !hasProject ? ["unrelated"] : files.sorted() + (hasProject ? ["project"] : [])
  }

  @Test(
    "end with the same error at the same commit, wherever an object is missing", arguments: ["", "^{tree}", ":top"])
  func missing(what: String) throws {
    let temporary = try history(seed: 9, commits: 150, isPacked: false)
    let id = try temporary.git("rev-parse", "main~60\(what)")
    try FileManager.default.removeItem(
      atPath: temporary.folder + "/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    let expected = try outcome(temporary, alone: .max)
    #expect(expected.error != nil)
    #expect(expected.steps.count > 60)
    for alone in [0, 50] { #expect(try outcome(temporary, alone: alone) == expected) }
  }

  @Test("tell the same with changed-path Bloom filters", arguments: UInt64(20)..<24)
  func filters(seed: UInt64) throws {
    let temporary = try history(seed: seed)
    let expected = try outcome(temporary, alone: .max)
    #expect(expected.error == nil)
    try temporary.git("commit-graph", "write", "--reachable", "--changed-paths")
    for alone in [.max, 0] { #expect(try outcome(temporary, alone: alone) == expected) }
  }

  @Test("do not read a folder of which the filters say that it has nothing of what is watched")
  func skipping() throws {
    let temporary = try TemporaryRepository()
    for number in 0..<20 {
      try temporary.write("top/two/inner/file-\(number % 4)", "\(number)")
      try temporary.write("top/two/inner/watched", number < 10 ? "old" : "new")
      try temporary.commit("\(number)")
    }
    let expected = try outcome(temporary, alone: .max)
    #expect(expected.steps.count == 20)
    #expect(expected.steps.count { $0.contains("differs") } == 1)
    try temporary.git("commit-graph", "write", "--reachable", "--changed-paths")
    let id = try temporary.git("rev-parse", "main~4:top/two/inner")
    try FileManager.default.removeItem(atPath: temporary.folder + "/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    #expect(try outcome(temporary, alone: .max) == expected)
    try FileManager.default.removeItem(atPath: temporary.folder + "/.git/objects/info/commit-graph")
    #expect(try outcome(temporary, alone: .max).error?.code == .missingObject)
  }

  @Test("go on where nobody asks for the next commit for a while", .timeLimit(.minutes(10)))
  func pause() throws {
    // Many times what the other thread walks ahead.
    let temporary = try history(seed: 30)
    let repository = try Repository(discovering: temporary.folder)
    let walk = try WatchedWalk(
      from: repository.resolve("main"), watching: Self.watch, in: repository, alone: 0, greatestBatch: 8)
    var count = 0
    while try walk.next(in: repository) != nil {
      if count == 0 { Thread.sleep(forTimeInterval: 1) }
      count += 1
    }
    #expect(try temporary.git("rev-list", "--count", "main") == "\(count)")
  }
}
