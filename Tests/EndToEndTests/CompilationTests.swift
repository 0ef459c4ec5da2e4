import Ensign
import Foundation
import Testing

@testable import ensign

@Suite("compile")
struct CompilationTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = ensign("init", "--project", "acme", in: folder.path)
  }

  @Test("writes the snapshot, and nothing else, to standard output")
  func standardOutput() throws {
    let outcome = ensign("compile", "--environment", "production", in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.messages == "")
    try expectRecorded(outcome.output, "compile/production.json")
    #expect(try Snapshot(Array(outcome.output.utf8)).environment == "production")
  }

  @Test("writes files")
  func files() throws {
    let outcome = ensign("compile", "--all", "--out", "out/snapshots", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output == "")
    #expect(outcome.messages.split(separator: "\n").count == 3)
    for environment in ["development", "staging", "production"] {
      let alone = ensign("compile", "--environment", environment, in: folder.path).output
      #expect(try folder.read("out/snapshots/\(environment).json") == alone)
    }
    #expect(ensign("compile", "-e", "staging", "-o", "s.json", "--quiet", in: folder.path).messages == "")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["flags", "out", "s.json"])
  }

  @Test(
    "refuses what it cannot do",
    arguments: [
      ("", 2, "compile needs to know what"), ("--all", 2, "--all needs --out DIR"),
      ("--all --environment staging --out x", 2, "--environment and --all exclude each other"),
      ("--environment stagin", 2, "did you mean `staging`?"),
      ("--environment staging --out no/such/folder/x.json", 2, "cannot write"),
      ("--environment staging --format json", 2, "--format does not apply"),
    ])
  func refusals(_ options: String, _ status: Int32, _ message: String) {
    let outcome = run(["compile"] + options.split(separator: " ").map(String.init), in: folder.path)
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }

  @Test("replaces no file unless all environments compile")
  func allOrNone() throws {
    // A chain of prerequisites that is longer than a snapshot may have.
    for index in 0..<70 {
      let requires = index == 0 ? "" : "requires: {chain-\(index - 1): on}\n"
      try folder.write(
        "type: boolean\noff: off\nowner: web\nkind: permission\n", to: "flags/definitions/chain-\(index).yaml")
      try folder.write(
        "enabled: true\n\(requires)otherwise: on\n", to: "flags/environments/staging/chain-\(index).yaml")
    }
    try folder.write("old", to: "out/development.json")
    let outcome = ensign("compile", "--all", "--out", "out", in: folder.path)
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.messages.contains("the runtime library would refuse flag"), "\(outcome)")
    #expect(try folder.read("out/development.json") == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder / "out") == ["development.json"])
  }

  @Test("interrupted while it waits for a pipe, it leaves the files of all environments as they were")
  func interruptedTogether() throws {
    try folder.write("old", to: "out/development.json")
    // A pipe without a reader: the command waits for one.
    #expect(mkfifo(folder / "out/staging.json", 0o600) == 0)
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = ["compile", "--all", "--out", "out", "--quiet"]
    process.currentDirectoryURL = URL(filePath: folder.path)
    try process.start()
    defer { process.waitUntilExit() }
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder / "out").sorted() }
    // Beside the old file and the pipe there is a new file for each of the others.
    while try names().count < 4, process.isRunning { usleep(1000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(try names() == ["development.json", "staging.json"])
    #expect(try folder.read("out/development.json") == "old")
  }

  @Test("replaces a file as a whole, keeps its links, and leaves nothing beside it")
  func replacement() throws {
    try folder.write("old", to: "real.json")
    try FileManager.default.createSymbolicLink(atPath: folder / "link.json", withDestinationPath: folder / "real.json")
    #expect(ensign("compile", "-e", "staging", "--out", "link.json", in: folder.path).status == 0)
    #expect(try folder.read("real.json").hasPrefix("{"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["flags", "link.json", "real.json"])
  }

  @Test("writes into what is no file, and leaves it there")
  func streams() throws {
    let folder = try TemporaryFolder()
    let outcome = try shell(
      """
      mkfifo pipe && (cat pipe > copy &) && "$ensign" compile -e production --out pipe --flags \(repositoryFolder)flags
      "$ensign" compile -e production --flags \(repositoryFolder)flags > expected
      "$ensign" compile -e production --out /dev/stdout --flags \(repositoryFolder)flags | cmp - expected || exit 3
      for i in 1 2 3 4 5 6 7 8 9 10; do cmp -s copy expected && break; sleep 0.1; done
      cmp copy expected && test -p pipe && ls
      """, in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.hasSuffix("copy\nexpected\npipe\n"), "\(outcome)")
  }

  @Test("killed at any moment, it leaves the old file or the new one")
  func interruption() throws {
    try folder.write("old", to: "out/snapshot.json")
    let script = """
      for delay in 0 0.002 0.004 0.006 0.008 0.01 0.015 0.02 0.03; do
        for signal in INT TERM; do
          $ensign compile -e production --out out/snapshot.json --quiet & pid=$!
          sleep $delay; kill -$signal $pid 2>/dev/null; wait $pid 2>/dev/null
          ls out
          case "$(head -c 3 out/snapshot.json)" in old|'{"a') ;; *) echo "torn" ;; esac
        done
      done | sort | uniq -c
      tail -c 1 out/snapshot.json
      """
    let outcome = try shell(script, in: folder.path)
    #expect(outcome.output.hasPrefix("     18 snapshot.json\n"), "\(outcome)")
  }
}
