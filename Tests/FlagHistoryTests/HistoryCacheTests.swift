import Ensign
import Foundation
import Git
import SeededRandom
import Testing

@testable import FlagHistory

@Suite("What is remembered of commits")
struct HistoryCacheTests {
  /// A folder that goes away with this object.
  private final class Folder: Sendable {
    let path: String

    init() throws {
      let parent = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
      path = parent.appending(path: "cache-tests-\(UUID().uuidString)").path
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var cache: String { path + "/cache" }

    /// The files of the cache.
    func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: cache).sorted() }
  }

  private static func id(_ random: inout SplitMix64) throws -> ObjectID {
    let digits = (0..<40).map { _ in String(random.next() % 16, radix: 16) }.joined()
    return try #require(ObjectID(hexadecimal: digits))
  }

  private static func records(_ count: Int, _ random: inout SplitMix64) throws -> [HistoryCacheFile.Record] {
    try (0..<count).map { number in
      let change = SemanticChange(subject: .flag("flag-\(number)"), path: .enabled, text: "text \(random.next())")
      return HistoryCacheFile.Record(commit: try id(&random), bytes: ChangeCoding.encode([change]))
    }
  }

  // MARK: Logs

  private func told(
    _ repository: TemporaryRepository, _ cache: HistoryCache?, filter: FlagLog.Filter = .init(),
    environment: String? = nil, limit: Int = .max, alone: Int
  ) throws -> [String] {
    let git = try Repository(discovering: repository.folder)
    var log = try FlagLog(
      from: git.resolve("main"), TreeExplorer(git, folder: "flags"), within: HistoryScope(environment: environment),
      filter: filter, expecting: limit, cache: cache, alone: alone)
    var told: [String] = []
    while told.count < limit, let entry = try log.next() {
      told.append("\(entry.commit) \(entry.signature) \(entry.changes)")
    }
    log.finish()
    #expect(log.cacheFailure == nil)
    return told
  }

  @Test(
    "gives the same log as no memory, the first time and later",
    arguments: RandomHistory.seeds(from: 700, count: 30))
  func sameLog(seed: UInt64) throws {
    let repository = try RandomHistory(seed: seed, commits: 20).repository
    if seed % 2 > 0 { try repository.git(["repack", "-a", "-d", "-f", "--quiet"]) }
    let folder = try Folder()
    let environment = seed % 3 == 0 ? "production" : nil
    func cache() -> HistoryCache { HistoryCache(in: folder.cache, of: "program") }
    let filters = [FlagLog.Filter(), FlagLog.Filter(author: "nobody"), FlagLog.Filter(since: 1_700_000_300)]
    let expected = try filters.map { try told(repository, nil, filter: $0, environment: environment, alone: .max) }
    // A part of them, then all, then from memory: told by one thread, or by two.
    for (limit, alone) in [(3, 0), (.max, Int(seed % 4) * 3), (.max, 0), (.max, .max), (5, 0)] {
      for (filter, expected) in zip(filters, expected) {
        let found = try told(
          repository, cache(), filter: filter, environment: environment, limit: limit, alone: alone)
        #expect(found == Array(expected.prefix(limit)), "\(limit) \(alone)")
      }
    }
    // What comes later is found out.
    let config = repository.folder + "/flags/environments/production/alpha.yaml"
    try? FileManager.default.removeItem(atPath: config)
    try repository.commit("later")
    let later = try told(repository, nil, environment: environment, alone: .max)
    for alone in [0, .max] {
      #expect(try told(repository, cache(), environment: environment, alone: alone) == later)
    }
  }

  @Test("spares reading what was compared before")
  func sparesReading() throws {
    let repository = try TemporaryRepository.ofFiveChanges()
    let folder = try Folder()
    let expected = try told(repository, HistoryCache(in: folder.cache, of: "program"), alone: .max)
    #expect(expected.count == 5)
    let id = try repository.git(["rev-parse", "main~2:flags/definitions"])
    try FileManager.default.removeItem(atPath: repository.folder + "/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))")
    for alone in [0, .max] {
      #expect(throws: GitError.self) { try told(repository, nil, alone: alone) }
      // Another program may find out something else.
      #expect(throws: GitError.self) {
        try told(repository, HistoryCache(in: folder.cache, of: "other"), alone: alone)
      }
      #expect(try told(repository, HistoryCache(in: folder.cache, of: "program"), alone: alone) == expected)
    }
    // A commit that is missing is missed, whatever is remembered.
    let commit = try repository.git(["rev-parse", "main~3"])
    try FileManager.default.removeItem(
      atPath: repository.folder + "/.git/objects/\(commit.prefix(2))/\(commit.dropFirst(2))")
    for alone in [0, .max] {
      #expect(throws: GitError.self) {
        try told(repository, HistoryCache(in: folder.cache, of: "program"), alone: alone)
      }
    }
  }

  // MARK: Changes as bytes

  @Test("changes of every kind come back as they were")
  func coding() throws {
    let fields: [FieldPath.RuleField?] = [nil, .when, .share, .serve]
    let paths: [FieldPath] =
      [
        .whole, .type, .enabled, .off, .otherwise, .metadata("owner"), .variant("on"), .requirement("other"),
        .targets("on"), .ruleOrder, .include, .exclude, .condition, .projectName, .environments, .attribute("country"),
      ] + fields.map { .rule("eu \"premium\"", occurrence: 2, $0) }
    let values: [JSONValue?] = [
      nil, .null, .boolean(false), .integer(-3), .number(0.5), .string("ä\u{1F600}\n"), .array([]),
      .object([.init(key: "a", value: .array([.null]))]),
    ]
    let position = SemanticChange.Position(file: "flags/ä.yaml", line: 3, column: 14)
    var changes: [SemanticChange] = []
    for (number, path) in paths.enumerated() {
      for subject in [SemanticChange.Subject.flag("a"), .segment("b"), .project] {
        changes.append(
          SemanticChange(
            subject: subject, environment: number % 2 == 0 ? nil : "production", path: path,
            before: values[number % values.count], after: values[(number + 3) % values.count], text: "\(path)",
            positionBefore: number % 3 == 0 ? nil : position, positionAfter: number % 5 == 0 ? nil : position))
      }
    }
    #expect(ChangeCoding.decode(ChangeCoding.encode(changes)) == changes)
    #expect(ChangeCoding.decode(ChangeCoding.encode([])) == [])
    for wrong in ["", "{}", "[1]", "[{}]", "[{\"path\":[\"whole\"],\"subject\":[\"project\"]}]", "[{\"x\":1}]"] {
      #expect(ChangeCoding.decode(Array(wrong.utf8)) == nil, "\(wrong)")
    }
  }

  // MARK: Files

  @Test("a file gives back what was written", arguments: UInt64(0)..<10)
  func file(seed: UInt64) throws {
    let folder = try Folder()
    var random = SplitMix64(seed: seed)
    let records = try Self.records(Int(seed) * 7, &random)
    let path = folder.path + "/x"
    try Data(HistoryCacheFile.bytes(records + records.prefix(3))).write(to: URL(filePath: path))
    let file = try #require(HistoryCacheFile(path))
    #expect(file.count == records.count)
    for record in records { #expect(file.bytes(of: record.commit) == record.bytes) }
    for _ in 0..<20 { #expect(try file.bytes(of: Self.id(&random)) == nil) }
  }

  @Test("a damaged file says nothing that is wrong")
  func damagedFile() throws {
    let folder = try Folder()
    var random = SplitMix64(seed: 3)
    let records = try Self.records(6, &random)
    let whole = HistoryCacheFile.bytes(records)
    let path = folder.path + "/x"
    func check(_ bytes: [UInt8], _ what: String) throws {
      try Data(bytes).write(to: URL(filePath: path))
      guard let file = HistoryCacheFile(path) else { return }
      for record in records {
        let found = file.bytes(of: record.commit)
        #expect(found == nil || found == record.bytes, "\(what)")
      }
      for found in file.records {
        #expect(records.contains { $0.commit == found.commit && $0.bytes == found.bytes }, "\(what)")
      }
    }
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= UInt8(1 << (random.next() % 8))
      try check(bytes, "byte \(place)")
      try check(Array(whole.prefix(place)), "cut off at \(place)")
    }
  }

  // MARK: The folder

  /// What a program finds in the folder.
  private func expectFound(_ records: [HistoryCacheFile.Record], in folder: Folder, program: String = "p") {
    let cache = HistoryCache(in: folder.cache, of: program)
    for record in records { #expect(cache.changes(of: record.commit) == ChangeCoding.decode(record.bytes)) }
  }

  @Test("there are few files, however many are written, and only their user reads them")
  func fewFiles() throws {
    let folder = try Folder()
    var random = SplitMix64(seed: 4)
    var all: [HistoryCacheFile.Record] = []
    for _ in 0..<70 {
      let records = try Self.records(1 + Int(random.next() % 3), &random)
      try HistoryCache(in: folder.cache, of: "p").write(records)
      all += records
    }
    expectFound(all, in: folder)
    let files = try folder.files()
    #expect(files.count <= 9, "\(files)")
    for file in files + [""] {
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.cache + "/" + file)
      #expect(attributes[.posixPermissions] as? Int == (file.isEmpty ? 0o700 : 0o600))
    }
  }

  @Test("several writers at once lose nothing")
  func concurrentWriters() throws {
    let folder = try Folder()
    let lists = try (UInt64(0)..<4).map { seed in
      var random = SplitMix64(seed: seed)
      return try Self.records(60, &random)
    }
    DispatchQueue.concurrentPerform(iterations: lists.count) { number in
      for record in lists[number] { try? HistoryCache(in: folder.cache, of: "p").write([record]) }
    }
    expectFound(lists.flatMap { $0 }, in: folder)
  }

  @Test("what is another program's or not finished stays while it is new, and goes when it is old")
  func oldFiles() throws {
    let folder = try Folder()
    var random = SplitMix64(seed: 5)
    let records = try Self.records(4, &random)
    try HistoryCache(in: folder.cache, of: "other").write(records)
    let neighbour = folder.path + "/neighbour"
    try FileManager.default.createDirectory(atPath: neighbour, withIntermediateDirectories: true)
    for name in ["p-x.changes.new", "p-damaged.changes", "notes.txt", "../neighbour/p-x.changes"] {
      try Data("x".utf8).write(to: URL(filePath: folder.cache + "/" + name))
    }
    try HistoryCache(in: folder.cache, of: "p").write(records)
    expectFound(records, in: folder)
    expectFound(records, in: folder, program: "other")
    #expect(try Set(["p-x.changes.new", "notes.txt"]).isSubset(of: folder.files()))
    #expect(try !folder.files().contains("p-damaged.changes"))
    let longAgo: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSinceNow: -40 * 86_400)]
    for name in try folder.files() + ["../neighbour/p-x.changes", "../neighbour"] {
      try FileManager.default.setAttributes(longAgo, ofItemAtPath: folder.cache + "/" + name)
    }
    try HistoryCache(in: folder.cache, of: "p").write(Self.records(1, &random))
    expectFound(records, in: folder)
    let left = try folder.files()
    #expect(left.count == 3 && left.contains("notes.txt"), "\(left)")
    #expect(!FileManager.default.fileExists(atPath: neighbour))
  }

  @Test("a folder where others may write, and what is no folder, are refused with the reason")
  func refusals() throws {
    let folder = try Folder()
    var random = SplitMix64(seed: 6)
    let records = try Self.records(2, &random)
    try HistoryCache(in: folder.cache, of: "p").write(records)
    try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: folder.cache)
    let refused = HistoryCache(in: folder.cache, of: "p")
    #expect(refused.refusal == "others may write to \(folder.cache)")
    #expect(refused.changes(of: records[0].commit) == nil)
    #expect(throws: HistoryCacheError.self) { try refused.write(records) }
    let file = folder.path + "/file"
    try Data().write(to: URL(filePath: file))
    #expect(HistoryCache(in: file, of: "p").refusal == "\(file) is no folder")
    #expect(throws: HistoryCacheError.self) { try HistoryCache(in: file + "/below", of: "p").write(records) }
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.cache)
    #expect(HistoryCache(in: link, of: "p").refusal == "\(link) is no folder")
  }
}
