import FlagServer
import Foundation
import Testing

@testable import ensign

@Suite("token")
struct TokenTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func tokens() throws -> [AccessToken] { try TokenFile.parse(Array(try folder.read("tokens").utf8)) }

  @Test("new prints a secret once, and keeps its digest")
  func made() throws {
    let words = ["token", "new", "--scope", "read", "--tokens", "tokens", "--environment"]
    let first = run(words + ["production"], in: folder.path)
    #expect(first.status == 0, "\(first)")
    let secret = first.output.trimmingCharacters(in: .newlines)
    #expect(secret.hasPrefix("ensign-token-") && first.output == secret + "\n")
    #expect(first.messages == "read-production: read in production; the secret is not shown again\n")
    #expect(try !folder.read("tokens").contains(secret))
    let table = AccessTable(try tokens())
    let request = Request(method: "GET", path: "/", headers: [.init(name: "x-api-key", value: secret)])
    #expect(table.holder(of: request).name == "read-production")

    let second = run(words + ["production", "-e", "staging"], in: folder.path)
    #expect(second.output != first.output)
    #expect(run(words + ["staging", "--name", "shop"], in: folder.path).status == 0)
    #expect(try tokens().map(\.name) == ["read-production", "read-production-2", "shop"])
    #expect(try tokens()[1].environments == ["production", "staging"])
  }

  @Test("new prints the line where there is no file")
  func printed() throws {
    let outcome = run(["token", "new", "-e", "staging", "--scope", "evaluate"], in: folder.path)
    let line = outcome.messages.split(separator: "\n")[1]
    let token = try #require(try TokenFile.parse(Array(line.utf8)).first)
    #expect(token.digest == TokenSecret(text: outcome.output.trimmingCharacters(in: .newlines)).digest)
  }

  @Test("new goes on in a file without a line end")
  func appended() throws {
    try folder.write("a read x sha256:\(String(repeating: "0", count: 64))", to: "tokens")
    #expect(run(["token", "new", "-e", "x", "--scope", "publish", "--tokens", "tokens"], in: folder.path).status == 0)
    #expect(try tokens().map(\.name) == ["a", "publish-x"])
  }

  @Test(
    "new refuses what makes no token",
    arguments: [
      ("--scope read", 2, "--environment NAME"), ("-e x", 2, "--scope with one of evaluate, read, publish"),
      ("-e x --scope raed", 2, "did you mean 'read'?"), ("-e x/y --scope read", 2, "this is no name of an environment"),
      ("-e x -e x --scope read", 2, "--environment x is given twice"),
      ("-e x --scope read --name a/b", 2, "a name has letters"),
      ("-e x --scope read --name a --tokens taken", 1, "there is a token 'a' already"),
      ("-e x --scope read --tokens broken", 1, "broken:2:1: a name has letters"),
      ("-e x --scope read --tokens no/such/file", 2, "cannot write"),
    ])
  func refusals(_ options: String, _ status: Int32, _ message: String) throws {
    try folder.write("a read x sha256:\(String(repeating: "0", count: 64))\n", to: "taken")
    try folder.write("# tokens\n? read x sha256:00\n", to: "broken")
    let outcome = run(["token", "new"] + options.split(separator: " ").map(String.init), in: folder.path)
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
    #expect(outcome.output == "")
  }

  @Test("new loses no token when many are made at once")
  func concurrent() throws {
    let script = """
      for n in 1 2 3 4 5 6 7 8; do
        $ensign token new -e x --scope read --tokens tokens --quiet & pids="$pids $!"
      done
      for pid in $pids; do wait $pid || exit 1; done
      """
    let outcome = try shell(script, in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.split(separator: "\n").count == 8)
    #expect(Set(try tokens().map(\.name)).count == 8)
  }
}
