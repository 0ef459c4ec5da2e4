import Foundation
import Testing

@testable import Ensign

/// The file layer, on the disk of this machine.
@Suite struct DiskFilesTests {
  let folder: TemporaryFolder
  let files: DiskFiles

  init() throws {
    folder = try TemporaryFolder()
    files = DiskFiles(root: folder.path + "/state")
  }

  @Test func whatIsReplacedIsRead() throws {
    #expect(try files.read("a/b/file", limit: 10) == nil)
    try files.replace("a/b/file", with: [1, 2, 3], mode: 0o600)
    #expect(try files.read("a/b/file", limit: 3) == [1, 2, 3])
    try files.replace("a/b/file", with: [], mode: 0o600)
    #expect(try files.read("a/b/file", limit: 0) == [])
    #expect(folder.files == ["state/a/b/file"])
  }

  @Test func aMillionBytesAreReadWhole() throws {
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try files.replace("file", with: bytes, mode: 0o644)
    #expect(try files.read("file", limit: bytes.count) == bytes)
  }

  @Test func moreThanTheLimitIsRefused() throws {
    try files.replace("file", with: [1, 2, 3], mode: 0o600)
    let error = #expect(throws: StorageError.self) { try files.read("file", limit: 2) }
    #expect(error?.code == .tooLarge)
    #expect(error?.description == "cannot read file: it has more than 2 bytes")
  }

  @Test func permissionsAreThoseGiven() throws {
    try files.replace("secret/key", with: [], mode: 0o600)
    try files.replace("open/file", with: [], mode: 0o644)
    func mode(_ path: String) throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: files.root + "/" + path)[.posixPermissions] as? Int
    }
    #expect(try mode("secret/key") == 0o600)
    #expect(try mode("secret") == 0o700)
    #expect(try mode("open/file") == 0o644)
    #expect(try mode("open") == 0o755)
  }

  @Test func creatingLeavesWhatIsThere() throws {
    #expect(try files.create("file", with: [1], mode: 0o600))
    #expect(try !files.create("file", with: [2], mode: 0o600))
    #expect(try files.read("file", limit: 10) == [1])
    #expect(folder.files == ["state/file"])
  }

  @Test func ofManyCreatorsOneWins() async throws {
    let winners = try await withThrowingTaskGroup { group in
      for writer in UInt8(0)..<20 { group.addTask { try files.create("file", with: [writer], mode: 0o600) } }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(winners == 1)
    #expect(folder.files == ["state/file"])
  }

  @Test func removingTwiceIsNoError() throws {
    try files.replace("file", with: [1], mode: 0o600)
    try files.remove("file")
    try files.remove("file")
    #expect(folder.files == [])
  }

  @Test func listsNamesButNoTemporaryFiles() throws {
    #expect(try files.list("none") == [])
    try files.replace("b", with: [], mode: 0o600)
    try files.replace("a", with: [], mode: 0o600)
    try Data().write(to: URL(fileURLWithPath: files.root + "/.ensign-left"))
    #expect(try files.list("") == ["a", "b"])
    try files.removeLeftovers(in: "")
    #expect(folder.files == ["state/a", "state/b"])
  }

  @Test func oneHoldsTheLock() throws {
    var lock = try files.lock("lock")
    #expect(lock != nil)
    #expect(try files.lock("lock") == nil)
    lock = nil
    #expect(try files.lock("lock") != nil)
  }

  @Test func linksPipesAndFoldersAreNoFiles() throws {
    try files.replace("folder/file", with: [1], mode: 0o600)
    symlink("folder/file", files.root + "/link")
    mkfifo(files.root + "/pipe", 0o600)
    for path in ["link", "pipe", "folder"] {
      let error = #expect(throws: StorageError.self) { try files.read(path, limit: 10) }
      #expect(error?.code == .notAFile, "\(path)")
    }
    // A link is replaced, not followed.
    try files.replace("link", with: [2], mode: 0o600)
    #expect(try files.read("folder/file", limit: 10) == [1])
    #expect(try files.read("link", limit: 10) == [2])
  }

  /// An accent joins the slash before it to one character, but not to the system.
  @Test(
    arguments: [
      "../file", "a/../../file", "/etc/hostname", "a/./b", "a\0b", "../\u{301}file", "a/../../\u{301}file",
      "/\u{301}file",
    ])
  func pathsStayBelowTheRoot(path: String) throws {
    let error = #expect(throws: StorageError.self) { try files.read(path, limit: 1 << 20) }
    #expect(error?.code == .invalidPath)
    #expect(throws: StorageError.self) { try files.replace(path, with: [], mode: 0o600) }
    #expect(throws: StorageError.self) { try files.remove(path) }
  }

  @Test func namesMayBeginWithAnAccent() throws {
    try files.replace("\u{301}a/\u{301}b/\u{301}file", with: [1], mode: 0o600)
    #expect(try files.read("\u{301}a/\u{301}b/\u{301}file", limit: 10) == [1])
  }

  @Test func contentIsDurableBeforeItsName() throws {
    let steps = Guarded<[DiskFiles.Step.Kind]>([])
    let watched = DiskFiles(root: files.root) { step in steps.withLock { $0.append(step.kind) } }
    try watched.replace("file", with: [1], mode: 0o600)
    #expect(
      steps.withLock { $0 } == [
        .makeFolder, .synchronizeFolder, .openTemporary, .write, .synchronize, .rename, .synchronizeFolder,
      ])
  }

  /// The disk fills up, or the process is killed, before each step in turn.
  @Test(arguments: 0..<7, [false, true])
  func aFileIsOldOrNewWhereverItStops(step: Int, isKilled: Bool) throws {
    try files.replace("file", with: [1, 2, 3], mode: 0o600)
    let faults = Faults(failingAt: step, as: isKilled ? .killed : .full)
    let faulty = DiskFiles(root: files.root, beforeStep: faults.check)
    do {
      try faulty.replace("file", with: [4, 5, 6, 7], mode: 0o600)
      #expect(!faults.hasFailed)
    } catch {
      #expect(faults.hasFailed)
    }
    let content = try #require(try files.read("file", limit: 10))
    #expect(content == (faults.hasFailed && step <= 3 ? [1, 2, 3] : [4, 5, 6, 7]))
    try files.removeLeftovers(in: "")
    #expect(folder.files == ["state/file"])
  }
}
