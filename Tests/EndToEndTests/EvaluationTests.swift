import Ensign
import FlagSource
import Foundation
import Testing

@testable import ensign

@Suite("eval")
struct EvaluationTests {
  static let premium = ["-c", "targetingKey=user-7", "country=DE", "plan=premium", "appVersion=2.4.0"]

  @Test("says value, variant, reason, rule and bucket")
  func oneFlag() throws {
    let words = ["eval", "checkout-v2", "-e", "production"] + Self.premium + ["company.id=acme"]
    let outcome = run(words)
    #expect(outcome.status == 0, "\(outcome)")
    try expectRecorded(outcome.output, "eval/one.txt")
    let json = run(words + ["--format", "json"]).output
    let snapshot = ensign("compile", "-e", "production").output
    #expect(json.hasSuffix(",\"snapshot\":{\"sha256\":\"\(SHA256.hexadecimal(Array(snapshot.utf8)))\"}}\n"))
    try expectRecorded(json.components(separatedBy: ",\"snapshot\"")[0] + "}\n", "eval/one.json")
  }

  @Test("says the same of all flags")
  func allFlags() throws {
    let words = ["eval", "-e", "production", "--now", "2026-12-21T12:00:00Z"] + Self.premium
    try expectRecorded(run(words).output, "eval/all.txt")
    let json = try JSONValue(parsing: String(run(words + ["--format", "json"]).output.dropLast()))
    #expect(json["environment"]?.string == "production")
    let keys = (json["flags"]?.array ?? []).compactMap { $0["flag"]?.string }
    #expect(keys.count == 14)
    #expect(keys == keys.sorted())
  }

  @Test(
    "reads contexts however they are written",
    arguments: [
      [
        "-c",
        #"{"targetingKey":"user-7","country":"DE","plan":"premium","appVersion":"2.4.0","company":{"id":"acme"}}"#,
      ],
      ["-c", "@context.json"], ["-c", "@-"], ["-c", "@context.json", "plan=premium"],
      [
        "-c", "targetingKey=user-7", "-c", "country=DE", "-c", "plan=premium", "-c", "appVersion=2.4.0",
        "company.id=acme",
      ],
      ["targetingKey=user-7", "country=FR", "country=DE", "plan=premium", "appVersion=2.4.0", "company.id=acme"],
    ])
  func contexts(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let context = #"{"targetingKey":"user-7","country":"DE","plan":"premium","appVersion":"2.4.0","company.id":"acme"}"#
    try folder.write(context, to: "context.json")
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try shell(
      "$ensign eval checkout-v2 -e production --flags '\(repositoryFolder)flags' \(quoted) --format json | head -c 160",
      in: folder.path, input: Data(context.utf8))
    #expect(outcome.output.contains(#""reason":"SPLIT","rule":"eu-premium","bucket":50426"#), "\(outcome)")
  }

  @Test(
    "reads name=value by the attribute's type",
    arguments: [
      ("orderCount=3", #"{"orderCount":3}"#), ("cartTotal=3", #"{"cartTotal":3}"#), ("plan=true", #"{"plan":"true"}"#),
      ("betaOptIn=true", #"{"betaOptIn":true}"#), ("groups=a,b", #"{"groups":["a","b"]}"#),
      ("groups=[\"a,b\"]", #"{"groups":["a,b"]}"#), ("country=", #"{"country":""}"#),
      ("undeclared=1.5", #"{"undeclared":1.5}"#), ("undeclared=x=y", #"{"undeclared":"x=y"}"#),
      ("undeclared=\"1\"", #"{"undeclared":"1"}"#),
    ])
  func typedPairs(_ pair: String, _ json: String) throws {
    let tree = try TreeReader.read(WorkingTreeFiles(root: repositoryFolder + "flags")).tree
    let types = try #require(tree).manifest.attributes.mapValues(\.type.value)
    let console = Console(output: Output(), messages: Output(), input: -1, workingFolder: "/") { _ in nil }
    let context = try ContextArguments(types: types, console: console).context(from: [pair])
    let expected = try Context(json: Array(json.utf8))
    #expect(context.names == expected.names)
    for name in context.names { #expect(context[name] == expected[name]) }
  }

  @Test(
    "refuses contexts that are none",
    arguments: [
      ("-c {\"a\":}", 1, "invalid context: --context: 1:6: "), ("-c DE", 2, "'DE' is no context"),
      ("-c orderCount=three", 1, "orderCount=three: this is no integer"),
      ("-c betaOptIn=yes", 1, "betaOptIn=yes: this is no Boolean: write true or false"),
      ("-c appVersion=2", 1, "appVersion=2: this is no version, such as 2.1.0"),
      ("-c signedUpAt=today", 1, "signedUpAt=today: this is no instant"),
      ("-c now=2026-01-01T00:00:00Z", 2, "write --now 2026-01-01T00:00:00Z"), ("-c =x", 2, "'=x' names no attribute"),
      ("-c @nowhere.json", 2, "cannot read "), ("-c {\"now\":\"x\"}", 1, "invalid context: --context: now: "),
      ("a b", 2, "'a' and 'b': one flag at a time"), ("--now yesterday", 2, "--now yesterday: "),
      ("--contexts x --context a=b", 2, "--contexts and --context exclude each other"),
      ("--contexts x --format text", 2, "--format text does not apply"),
    ])
  func refusals(_ options: String, _ status: Int32, _ message: String) {
    let outcome = run(["eval", "-e", "production"] + options.split(separator: " ").map(String.init))
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
    #expect(outcome.output == "")
  }

  @Test(
    "refuses what it cannot evaluate",
    arguments: [
      ("checkout-v2", 2, "an --environment is needed, or a --snapshot, which is of one"),
      ("checkout-v2 -e prodction", 2, "did you mean `production`?"),
      ("checkout-v2 --snapshot https://flags.example.org/production.json", 2, "snapshots are read from files only"),
      ("checkout-v2 --snapshot flags/ensign.yaml", 1, "flags/ensign.yaml: this is no snapshot that can be read: "),
      ("checkout-v2 --snapshot a --rev b", 2, "--snapshot and --rev exclude each other"),
    ])
  func sources(_ options: String, _ status: Int32, _ message: String) {
    let outcome = run(["eval"] + options.split(separator: " ").map(String.init))
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }

  @Test("an unknown flag is an error in words and in JSON")
  func unknownFlag() throws {
    let outcome = ensign("eval", "chekout-v2", "-e", "production", "--format", "json")
    #expect(outcome.status == 1)
    let json = try JSONValue(parsing: String(outcome.output.dropLast()))
    #expect(json["errorCode"]?.string == "FLAG_NOT_FOUND")
    #expect(json["errorDetails"]?.string?.hasSuffix("did you mean 'checkout-v2'?") == true)
    #expect(json["value"] == nil)
    #expect(outcome.messages.contains("did you mean 'checkout-v2'?"))
  }

  @Test("a snapshot file gives what its environment gives")
  func snapshotFile() throws {
    let folder = try TemporaryFolder()
    try folder.write(ensign("compile", "-e", "staging").output, to: "staging.json")
    let context = ["-c", "groups=beta", "targetingKey=user-3", "--now", "2026-12-01T00:00:00Z", "--format", "json"]
    let file = run(["eval", "--snapshot", folder / "staging.json"] + context)
    #expect(file.status == 0, "\(file)")
    #expect(file.output == run(["eval", "-e", "staging"] + context).output)
    let other = run(["eval", "-e", "production", "--snapshot", folder / "staging.json"])
    #expect(other.messages.contains("the snapshot is of the environment 'staging'"))
  }

  @Test("contexts are evaluated line by line, whatever a line holds")
  func stream() throws {
    let folder = try TemporaryFolder()
    let long = String(repeating: "x", count: 1 << 20)
    try folder.write(
      "{\"targetingKey\":\"a\"}\r\n\n{bad\n{\"x\":\"\(long)\"}\n[]\n{\"targetingKey\":\"b\"}", to: "contexts.jsonl")
    let outcome = run(
      [
        "eval", "payments-api", "-e", "production", "--contexts", folder / "contexts.jsonl", "--now",
        "2026-06-01T00:00:00Z",
      ])
    #expect(outcome.status == 1)
    let lines = outcome.output.split(separator: "\n").map { try? JSONValue(parsing: String($0)) }
    #expect(
      lines.map { $0?["errorCode"]?.string ?? "-" } == [
        "-", "INVALID_CONTEXT", "INVALID_CONTEXT", "INVALID_CONTEXT", "-",
      ])
    #expect(lines.first??["value"]?.boolean == true)
    #expect(lines[1]?["errorDetails"]?.string?.contains("contexts.jsonl:3: 1:2: ") == true)
  }

  @Test("a stream of contexts takes no more memory for being long, and ends when its reader does")
  func endlessStream() throws {
    let folder = try TemporaryFolder()
    try folder.write(ensign("compile", "-e", "production").output, to: "production.json")
    let script = """
      ulimit -v 4000000
      yes '{"targetingKey":"user-1","country":"DE"}' |
        $ensign eval checkout-v2 --snapshot production.json --contexts - | head -20000 | sort | uniq -c
      echo ${PIPESTATUS[1]}
      """
    let outcome = try shell(script, in: folder.path)
    #expect(outcome.output.hasPrefix("  20000 {\"flag\":\"checkout-v2\""), "\(outcome)")
    #expect(outcome.output.hasSuffix("\n0\n"))
    #expect(outcome.messages == "")
  }
}
