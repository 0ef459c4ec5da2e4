import Testing

@testable import ensign

@Suite("Making new files")
struct AuthoringTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("init writes a tree and names its files")
  func initialize() throws {
    let outcome = ensign("init", "--project", "acme", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    try expectRecorded(outcome.output, "init.txt")
    for file in outcome.output.split(separator: "\n") { #expect(try !folder.read(String(file)).isEmpty) }
    #expect(try folder.read("flags/ensign.yaml").contains("\nproject: acme\n"))
    #expect(ensign("list", in: folder.path).output.contains("\nwelcome-banner"))
  }

  @Test("init writes the workflows of the examples", arguments: ["github", "gitlab"])
  func workflows(_ service: String) throws {
    let outcome = ensign("init", "--ci", service, in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    let file = try #require(outcome.output.split(separator: "\n").last)
    let example = repositoryFolder + "examples/ci/\(service).yml"
    expectSame(
      try folder.read(String(file)), String(decoding: try FileSystem.read(example, limit: 1 << 20), as: UTF8.self))
  }

  @Test("init finds the repository's top, and names a tree that is not in flags/")
  func elsewhere() throws {
    try folder.write("", to: ".git/HEAD")
    let outcome = ensign("init", "config/toggles", "--ci", "github", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    let workflow = try folder.read(".github/workflows/flags.yml")
    #expect(workflow.contains("paths: [config/toggles/**]"))
    let command = #"ensign check --flags config/toggles --base "origin/$GITHUB_BASE_REF" --format github"#
    #expect(workflow.contains("run: \(command)\n"))
  }

  @Test("init overwrites nothing, and writes nothing when something is in the way")
  func noOverwriting() throws {
    try folder.write("mine", to: "flags/tests/welcome-banner.yaml")
    let outcome = ensign("init", in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("flags/tests/welcome-banner.yaml exists already; nothing was written"))
    #expect(FileSystem.kind(of: folder / "flags/ensign.yaml") == nil)
    #expect(try folder.read("flags/tests/welcome-banner.yaml") == "mine")
  }

  @Test("init says why a folder cannot be made")
  func unwritable() throws {
    try folder.write("a file", to: "flags")
    let outcome = ensign("init", in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.messages.contains("flags/ensign.yaml: Not a directory"), "\(outcome)")
  }

  @Test(
    "new flag writes files that can be read again",
    arguments: ["boolean", "string", "integer", "number", "object"])
  func newFlag(_ type: String) throws {
    _ = ensign("init", in: folder.path)
    let outcome = ensign(
      "new", "flag", "one-click", "--type", type, "--owner", "web", "--kind", "release", "--expires", "2099-01-01",
      "--description", "Buy at once: \"now\".", "--tag", "cart", "--tag", "growth", "--folder", "shop/cart",
      in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    expectSame(
      outcome.output,
      """
      flags/definitions/shop/cart/one-click.yaml
      flags/environments/development/shop/cart/one-click.yaml
      flags/environments/staging/shop/cart/one-click.yaml
      flags/environments/production/shop/cart/one-click.yaml

      """)
    let shown = ensign("show", "one-click", in: folder.path)
    #expect(shown.status == 0, "\(shown)")
    #expect(shown.output.contains("Buy at once: \"now\".\n"))
    #expect(shown.output.contains("\ndevelopment disabled\n"))
  }

  @Test("new segment writes a file that can be read again")
  func newSegment() throws {
    _ = ensign("init", in: folder.path)
    let outcome = ensign("new", "segment", "beta", "--include", "user-1", "--include", "0x1", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try folder.read("flags/segments/beta.yaml") == "include: [\"user-1\", \"0x1\"]\n")
  }

  @Test(
    "new refuses what cannot be",
    arguments: [
      ("flag welcome-banner", 1, "the flag 'welcome-banner' exists already"),
      ("flag Welcome-Banner", 1, "the flag 'welcome-banner' differs from 'Welcome-Banner' by case only"),
      ("flag -- -x", 2, "'-x' cannot be the key of a flag: it begins with neither a letter nor a digit"),
      ("flag a/b", 2, "'a/b' cannot be the key of a flag: it contains `/`"),
      ("flag x --owner wbe", 2, "unknown owner 'wbe'\n  help: did you mean 'web'?"),
      ("flag x --expires soon", 2, "--expires soon: this is no date"),
      ("flag x --folder ../y", 2, "--folder ../y: '..' is no name of a folder in a flags tree"),
      ("flag x --type bool", 2, "unknown value for --type 'bool'"),
      ("segment staff", 1, "the segment 'staff' exists already"),
    ])
  func refusals(_ line: String, _ status: Int32, _ message: String) {
    _ = ensign("init", in: folder.path)
    let outcome = run(["new"] + line.split(separator: " ").map(String.init), in: folder.path)
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
    #expect(outcome.output == "")
  }
}
