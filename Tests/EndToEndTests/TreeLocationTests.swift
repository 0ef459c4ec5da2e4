import Testing

@testable import ensign

@Suite("The flags tree that a command works on")
struct TreeLocationTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("", to: "shop/.git/HEAD")
    _ = ensign("init", in: folder / "shop")
    try folder.write("", to: "shop/services/cart/main.c")
  }

  @Test("is the nearest one upwards", arguments: ["shop", "shop/services/cart", "shop/flags", "shop/flags/tests"])
  func nearest(_ place: String) throws {
    let location = try #require(TreeLocation.find(from: folder / place))
    #expect(location.root == folder / "shop/flags")
    #expect(location.repository == folder / "shop")
    #expect(location.name == "flags")
  }

  @Test("is the one that --flags names, wherever one stands")
  func named() throws {
    let outcome = ensign("list", "--flags", "shop/flags", "--format", "json", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.contains("\"file\":\"flags/definitions/welcome-banner.yaml\""))
  }

  @Test("is named relative to the folder above it where there is no repository")
  func noRepository() throws {
    _ = ensign("init", "tree", in: folder.path)
    let location = TreeLocation(root: folder / "tree")
    #expect(location.repository == nil)
    #expect(location.name == "tree")
  }

  @Test("may lie in a folder whose name begins with an accent, which joins the slash before it to one character")
  func accent() throws {
    let path = "shop/\u{301}x/tree"
    _ = ensign("init", folder / path, in: folder.path)
    let location = try #require(TreeLocation.find(from: folder / path))
    #expect(location.repository == folder / "shop")
    #expect(location.name == "\u{301}x/tree")
    #expect(FileSystem.parent(of: "/\u{301}x/tree") == "/\u{301}x")
    #expect(FileSystem.parent(of: "/\u{301}x") == "/")
    #expect(FileSystem.parent(of: "/") == nil)
  }

  @Test(
    "is asked for when there is none",
    arguments: [
      ([], "no flags tree: neither "), (["--flags", "nowhere"], "--flags nowhere: there is no such folder"),
      (["--flags", "shop/services"], "--flags shop/services: there is no ensign.yaml in this folder"),
      (["--flags", "shop/flags/ensign.yaml"], "--flags shop/flags/ensign.yaml: this is not a folder"),
    ])
  func missing(_ options: [String], _ message: String) {
    let outcome = run(["list"] + options, in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.output == "")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }
}
